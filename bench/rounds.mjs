/** Measurements in turn, so that whatever else the machine does falls on all of them alike. */

/**
 * Runs each task once unmeasured, for warm caches (unless its `warm` is false), then all of them in turn, `rounds` times.
 * Returns the results of each by name, in order.
 */
export async function inTurn(tasks, { rounds, say }) {
  const results = Object.fromEntries(tasks.map(({ name }) => [name, []]))
  for (const task of tasks) {
    if (task.warm !== false) await told(task, 'warming up', say)
  }
  for (let round = 1; round <= rounds; round++) {
    for (const task of tasks) results[task.name].push(await told(task, `${round}/${rounds}`, say))
  }
  return results
}

async function told(task, when, say) {
  const started = performance.now()
  const result = await task.run()
  say(`  ${task.name}, ${when}: ${((performance.now() - started) / 1000).toFixed(2)} s`)
  return result
}
