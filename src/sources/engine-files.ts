/**
 * Files that the engine makes for every container, keeps on disk in its own directory and binds into it (moby
 * container.NetworkMounts, 20.10 to 29). The program can write them where its root is not read-only; they are in no
 * layer, no `docker diff` and no `Mounts` of `docker inspect`, and `docker cp` shows them.
 */
export const ENGINE_FILES: ReadonlySet<string> = new Set(['/etc/resolv.conf', '/etc/hostname', '/etc/hosts'])
