import type { Evidence, InsideDifference } from '../evidence.js'
import { shown } from './format.js'
import { atMount } from './mounts.js'
import { fenced, makeRule, type Draft } from './rule.js'

const WHAT: Record<InsideDifference['what'], string> = {
  fstype: 'the kind of file system',
  mode: 'the mode',
  owner: 'the owner',
  size: 'the size',
  files: 'the files',
  content: 'the content of files'
}

function judge(evidence: Evidence): Draft[] {
  return evidence.mounts.flatMap((fact) =>
    fact.differences.map((difference): Draft => ({
      severity: 'error',
      message: `The container's own tools say of ${WHAT[difference.what]} at ${shown(fact.declared.path)} "${shown(difference.inside)}", the kernel says "${shown(difference.kernel)}": whoever looks from inside is misled.`,
      fix: '# take out what stands in for mount, ls, cat, stat or df; or begin from an image whose tools you trust\nFROM debian:stable-slim',
      location: atMount(fact)
    }))
  )
}

export const insideViewDiffers = makeRule(
  {
    slug: 'inside-view-differs',
    severities: ['error'],
    title: "The container's own tools contradict the kernel",
    says: "What the container's own tools answer is not what the kernel says.",
    why: 'An image can bring tools that lie, by mistake or on purpose. Who checks it by `docker exec` then sees a tmpfs where there is none, or no file where there is one.',
    how: {
      host: "The kernel's side: mountinfo, `statfs`, `stat` and the files themselves, from outside of the container.",
      inside:
        "The container's side: its own `mount`, `stat`, `df`, `ls` and `cat`. What differs is asked a second time."
    },
    fix: `Use the tools of an image that you trust:\n\n${fenced('dockerfile', 'FROM debian:stable-slim')}`,
    limits:
      'Both views are needed: without host access there is nothing to compare with. A tool that is missing is no difference. Contents of a few small files are compared.'
  },
  judge
)
