import { describe, expect, it } from '@jest/globals'
import { clientEnvironment } from '../../src/run/environment.js'

describe('clientEnvironment', () => {
  it('keeps what a docker client needs and drops inputs, state and file commands', () => {
    const env = {
      PATH: '/bin',
      DOCKER_HOST: 'unix:///x',
      INPUT_SECRETS: 'a=b',
      STATE_run: '1',
      GITHUB_OUTPUT: '/o',
      RUNNER_TEMP: '/t'
    }
    expect(clientEnvironment(env)).toEqual({ PATH: '/bin', DOCKER_HOST: 'unix:///x' })
  })

  it('drops the variables that secrets come from', () => {
    expect(
      clientEnvironment({ 'INPUT_SECRET-ENVS': 'db=DB_PASSWORD\nkey = KEY', DB_PASSWORD: 'x', KEY: 'y', OTHER: 'z' })
    ).toEqual({ OTHER: 'z' })
  })

  it('keeps one that the user passes on by name', () => {
    const env = { 'INPUT_SECRET-ENVS': 'db=TOKEN', 'INPUT_BUILD-ARGS': 'TOKEN\nA=b', TOKEN: 'x' }
    expect(clientEnvironment(env)).toEqual({ TOKEN: 'x' })
  })
})
