import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { split } from 'shlex'
import { CREATE_GRAMMAR } from '../../src/inputs/docker-flags.js'
import { readOptionWords } from '../../src/inputs/option-words.js'
import { problemsOf, read } from './helpers.js'

const run = (text: string, ignore?: string): { input: string; message: string; yaml: string }[] => [
  ...problemsOf({ tmpfs: '/t', 'run-options': text, ...(ignore === undefined ? {} : { ignore }) })
]

describe('run-options', () => {
  it.each([
    '--init',
    '--init=false',
    '--privileged=false',
    '--cap-add NET_ADMIN --cap-drop=ALL',
    '--cap-add=CAP_NET_RAW',
    '-v data:/data -p 8080:80 -Phhost -w /app',
    '--volume=/srv/app:/srv:ro',
    '-v /runner/_work:/x',
    '--mount type=bind,src=/srv,dst=/srv',
    '--mount type=volume,src=v,dst=/v',
    '--pid=private --ipc private --userns private --cgroupns private',
    '--security-opt no-new-privileges --security-opt seccomp=profile.json',
    '--env-file .env --label a=b --hostname x --dns 1.1.1.1',
    '--health-cmd "curl -f http://localhost" --stop-timeout 3',
    "--label 'a=two words' --ulimit core=0",
    '--a-new-option=5'
  ])('%s is taken, word by word', (text) => {
    expect(read({ tmpfs: '/t', 'run-options': text }).run.options).toEqual(split(text))
  })

  const voiding = [
    '--privileged',
    '--privileged=true',
    '--privileged=1',
    '--privileged=oops',
    '--pid host',
    '--pid=container:x',
    '--ipc=host',
    '--ipc container:x',
    '--userns=host',
    '--cgroupns host',
    '--cap-add SYS_ADMIN',
    '--cap-add=sys_admin',
    '--cap-add=CAP_SYS_PTRACE',
    '--cap-add DAC_READ_SEARCH',
    '--cap-add=ALL',
    '--cap-add=cap_all',
    '--cap-add SYS_MODULE',
    '--security-opt seccomp=unconfined',
    '--security-opt=apparmor:unconfined',
    '--security-opt systempaths=unconfined',
    '--device /dev/sda',
    '--device=/dev/mem:/dev/mem:rw',
    '--device-cgroup-rule "b *:* rwm"',
    '-v /:/host',
    '-v/:/host',
    '-v=/:/host',
    '-Pv /:/host',
    '--volume //:/host:ro',
    '--volume /var/../:/host',
    '-v /var/run/docker.sock:/var/run/docker.sock',
    '-v /run/docker.sock:/s',
    '-v /var/run:/r',
    '-v /run/user/1000/docker.sock:/s',
    '-v /run/user/1000:/s',
    '-v /run/podman/podman.sock:/s',
    '-v /var/lib/docker/volumes:/v',
    '-v /proc:/p',
    '-v /dev:/d',
    '--mount type=bind,src=/,dst=/h',
    '--mount type=bind,source=/run/docker.sock,target=/s',
    '--mount "type=volume,dst=/v,\\"volume-opt=o=bind\\",volume-opt=device=/"',
    '--volumes-from other',
    '--use-api-socket'
  ]
  it.each(voiding)('%s voids the proof: refused, unless ignored with a reason', (text) => {
    const problems = run(text)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatchObject({
      input: 'run-options',
      yaml: expect.stringContaining('unsafe-run-options --')
    })
    expect(problems[0]?.message).toMatch(/^`--[a-z-]+` cannot be used: ./)
    const inputs = read({ tmpfs: '/t', 'run-options': text, ignore: 'unsafe-run-options # a throw-away machine' })
    expect(inputs.notices).toEqual([expect.stringMatching(/is allowed although .* Reason: a throw-away machine/)])
    expect(inputs.ignore).toEqual([])
  })

  it.each([
    ['--rm', null],
    ['--name x', null],
    ['-d', null],
    ['--detach=true', null],
    ['-it', null],
    ['-ti', null],
    ['-i', null],
    ['--cidfile=x', null],
    ['--log-driver json-file', null],
    ['--log-opt max-size=1m', null],
    ['--restart always', null],
    ['-a stdout', null],
    ['--attach=stdin', null],
    ['--label tmpfs-check.run=x', null],
    ['-l tmpfs-check.deadline=0', null],
    ['--label-file x', null],
    ['--entrypoint sh', 'entrypoint'],
    ['-u root', 'user'],
    ['-uroot', 'user'],
    ['--user=0', 'user'],
    ['-e A=B', 'env'],
    ['-eA=B', 'env'],
    ['--env A', 'env'],
    ['--network host', 'network'],
    ['--net=host', 'network'],
    ['-m 1g', 'memory'],
    ['--memory-swap=-1', 'memory'],
    ['--read-only', 'read-only'],
    ['--read-only=false', 'read-only'],
    ['--tmpfs /x', 'tmpfs'],
    ['--mount type=tmpfs,dst=/x', 'tmpfs'],
    ['--mount dst=/x,TYPE=tmpfs', 'tmpfs'],
    ['--platform=linux/arm64', 'platform'],
    ['--pull always', 'pull']
  ])('%s breaks the check: refused whatever is ignored', (text, instead) => {
    const problems = run(text, 'unsafe-run-options # please')
    expect(new Set(problems.map(({ input }) => input))).toEqual(new Set(['run-options']))
    expect(problems[0]?.yaml).toContain(instead === null ? 'without --' : `${instead}: VALUE   # instead of --`)
  })

  it.each([
    ['--', /no option/],
    ['evil-image', /no option/],
    ['-', /no option/],
    ['--init evil', /no option/],
    ['--init false', /no option/],
    ['--new-option value', /write it as/],
    ['--hostname', /lacks its value/],
    ['-h', /lacks its value/],
    ['-z', /short option/],
    ['-PZ', /short option/],
    ['---x', /begins with `--`/],
    ['--=x', /begins with `--`/],
    ['--__proto__', /begins with `--`/],
    ['"--init', /open quote/],
    ['--init \\', /open quote/]
  ])('%s is refused', (text, message) => {
    expect(run(text).map((problem) => problem.message)).toEqual(
      expect.arrayContaining([expect.stringMatching(message)])
    )
  })

  it('are ignored only as far as the glob goes', () => {
    const text = '--cap-add=SYS_ADMIN --cap-add=SYS_PTRACE --pid=host'
    expect(run(text, 'unsafe-run-options --cap-add=SYS_ADMIN # x')).toHaveLength(2)
    expect(run(text, 'unsafe-run-options --cap-add # x')).toHaveLength(1)
    expect(run(text, 'mount-mode # x')).toHaveLength(3)
    expect(read({ tmpfs: '/t', 'run-options': text, ignore: 'unsafe-run-options --* # x' }).notices).toHaveLength(3)
  })

  it('never show the value of an option', () => {
    const shown = JSON.stringify(run('--env=TOKEN=hunter2 -v /:/hunter2 --label=tmpfs-check.x=hunter2 hunter2'))
    expect(shown).not.toContain('hunter2')
  })

  it('are told one by one', () => {
    expect(run('--privileged --rm -it x --pid host').length).toBe(6)
  })
})

describe('option words', () => {
  it('account for every word: nothing is left for Docker to take as the image', () => {
    const word = fc.constantFrom(
      '--init',
      '--rm',
      '--hostname',
      '--hostname=x',
      '-h',
      '-hx',
      '-P',
      '-Ph',
      '-it',
      '-v',
      '/:/x',
      'x',
      '--',
      '-',
      '--x=1',
      '--privileged'
    )
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), (words) => {
        const { options, refusals } = readOptionWords(words, CREATE_GRAMMAR)
        if (refusals.length > 0) return
        // Written one word an option, it is the same again: what was judged is what Docker reads.
        const again = readOptionWords(
          options.map((option) => option.text),
          CREATE_GRAMMAR
        )
        expect(again).toEqual({ options, refusals: [] })
      })
    )
  })
})

describe('build-options', () => {
  it.each([
    '--network=none -t app:latest --tag other',
    '--provenance=mode=max --sbom=true --attest type=sbom',
    '--ssh default --build-context base=docker-image://alpine',
    '--cache-from type=gha --cache-to=type=gha,mode=max --builder remote',
    '--add-host a:1.2.3.4 --ulimit core=0 --shm-size 64m'
  ])('%s is taken', (text) => {
    expect(read({ tmpfs: '/t', 'build-options': text }).build?.options).toEqual(split(text))
  })

  it.each([
    ['-o out', /--output/],
    ['--output=type=tar', /--output/],
    ['--push', /--push/],
    ['--load', /--load/],
    ['--iidfile x', /--iidfile/],
    ['--metadata-file=x', /--metadata-file/],
    ['-q', /--quiet/],
    ['--progress tty', /--progress/],
    ['--platform linux/arm64', /`platform`/],
    ['--secret id=x', /`build-secrets`/],
    ['--build-arg A=b', /`build-args`/],
    ['-f x', /`file`/],
    ['-fx', /`file`/],
    ['--target=x', /`target`/],
    ['--pull', /`pull`/],
    ['--no-cache', /`no-cache`/],
    ['--call=check', /no image/],
    ['--check', /no image/],
    ['--label tmpfs-check.run=x', /own/],
    ['.', /no option/],
    ['https://github.com/x/y', /no option/],
    ['--', /no option/]
  ])('%s is refused', (text, message) => {
    const [problem] = problemsOf({ tmpfs: '/t', 'build-options': text })
    expect(problem).toMatchObject({ input: 'build-options', message: expect.stringMatching(message) })
  })
})
