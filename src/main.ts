/** The action's main step: the table of contents of one run. */
import { setFailed, setOutput } from '@actions/core'
import { runCheck } from './run/check.js'
import { explain } from './run/explain.js'
import { beginRun, type Run } from './run/begin.js'

async function main(run: Run): Promise<void> {
  try {
    const result = await runCheck(run)
    // setFailed sets the exit code to 1: ours comes after it.
    if (result.failure !== null) setFailed(result.failure)
    if (result.failStep) process.exitCode = result.exitCode
  } catch (error) {
    // After a signal the handler has the last word.
    if (run.cancelled()) return
    const { message, exitCode } = explain(error)
    setOutput('outcome', 'inconclusive')
    setFailed(message)
    process.exitCode = exitCode
  } finally {
    await run.end()
  }
}

const run = beginRun(process.env)
await main(run)
// Nothing that was forgotten (a timer, a child that does not end) may hold up the job. After a signal its handler ends us.
if (!run.cancelled()) process.exit()
