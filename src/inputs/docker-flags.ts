/**
 * The options of `docker create` and `docker build` (docker/cli 28.5 cli/command/container/opts.go and image/build.go,
 * docker/buildx 0.29 commands/build.go). Only to tell which take a value; whether one may be used is judged elsewhere.
 */
import type { Grammar } from './option-words.js'

const words = (text: string): string[] => text.trim().split(/\s+/)

/** `docker create` and `docker run`. */
export const CREATE_GRAMMAR: Grammar = {
  values: words(`
    add-host annotation attach blkio-weight blkio-weight-device cap-add cap-drop cgroup-parent cgroupns cidfile cpu-count
    cpu-percent cpu-period cpu-quota cpu-rt-period cpu-rt-runtime cpu-shares cpus cpuset-cpus cpuset-mems detach-keys device
    device-cgroup-rule device-read-bps device-read-iops device-write-bps device-write-iops dns dns-opt dns-option dns-search
    domainname entrypoint env env-file expose gpus group-add health-cmd health-interval health-retries
    health-start-interval health-start-period health-timeout hostname io-maxbandwidth io-maxiops ip ip6 ipc isolation
    kernel-memory label label-file link link-local-ip log-driver log-opt mac-address memory memory-reservation memory-swap
    memory-swappiness mount name net net-alias network network-alias oom-score-adj pid pids-limit platform publish pull
    restart runtime security-opt shm-size stop-signal stop-timeout storage-opt sysctl tmpfs ulimit user userns uts volume
    volume-driver volumes-from workdir`),
  switches: words(`
    detach disable-content-trust help init interactive no-healthcheck oom-kill-disable privileged publish-all quiet
    read-only rm sig-proxy tty use-api-socket`),
  letters: {
    a: 'attach',
    c: 'cpu-shares',
    d: 'detach',
    e: 'env',
    h: 'hostname',
    i: 'interactive',
    l: 'label',
    m: 'memory',
    p: 'publish',
    P: 'publish-all',
    q: 'quiet',
    t: 'tty',
    u: 'user',
    v: 'volume',
    w: 'workdir'
  }
}

/** `docker build`, by buildx and by the legacy builder. */
export const BUILD_GRAMMAR: Grammar = {
  values: words(`
    add-host allow annotation attest build-arg build-context builder cache-from cache-to call cgroup-parent cpu-period
    cpu-quota cpu-shares cpuset-cpus cpuset-mems file iidfile isolation label memory memory-swap metadata-file network
    no-cache-filter output platform policy progress provenance sbom secret security-opt shm-size ssh tag target ulimit`),
  switches: words(`
    check compress debug disable-content-trust force-rm help load no-cache pull push quiet rm squash stream`),
  letters: { c: 'cpu-shares', D: 'debug', f: 'file', h: 'help', m: 'memory', o: 'output', q: 'quiet', t: 'tag' }
}
