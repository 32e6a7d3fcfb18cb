/** Tools of the host that do what Node cannot. */

/** All that they get of an environment: never that of whoever started us. */
export const HELPER_ENV: Readonly<Record<string, string>> = {
  PATH: '/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/bin',
  LC_ALL: 'C'
}
