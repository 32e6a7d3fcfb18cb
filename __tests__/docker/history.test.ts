import { describe, expect, it } from '@jest/globals'
import { withEmptyLayers } from '../../src/docker/history.js'

const entry = (created_by: string, empty_layer: boolean): { created_by: string; empty_layer: boolean } => ({
  created_by,
  empty_layer
})

describe('withEmptyLayers', () => {
  it('leaves a history that agrees as it is', () => {
    const history = [entry('/bin/sh -c #(nop) COPY file:1 in /', false), entry('/bin/sh -c #(nop) CMD ["sh"]', true)]
    expect(withEmptyLayers(history, 1)).toEqual(history)
  })

  it('takes a RUN without bytes for a layer when one is missing', () => {
    const history = [
      entry('COPY . . # buildkit', false),
      entry('RUN /bin/sh -c true # buildkit', true),
      entry('ENV A=b', true)
    ]
    expect(withEmptyLayers(history, 2)?.map((each) => each.empty_layer)).toEqual([false, false, true])
  })

  it('prefers RUN over WORKDIR', () => {
    const history = [entry('WORKDIR /app', true), entry('RUN true', true)]
    expect(withEmptyLayers(history, 1)?.map((each) => each.empty_layer)).toEqual([true, false])
  })

  it('says nothing rather than something wrong', () => {
    const history = [entry('RUN true', true), entry('RUN true', true)]
    expect(withEmptyLayers(history, 1)).toBeNull()
    expect(withEmptyLayers(history, 3)).toBeNull()
    expect(withEmptyLayers([], 1)).toBeNull()
  })
})
