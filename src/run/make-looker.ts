/** Which looker looks: from outside where there is host access, else through the engine and from inside. */
import type { ImageJson } from '../docker/parse.js'
import type { RunContext } from './context.js'
import { HostLooker } from './look-host.js'
import { InsideLooker } from './look-inside.js'
import type { Looker } from './looker.js'

export function makeLooker(context: RunContext, image: ImageJson): Looker {
  return context.host === null
    ? new InsideLooker(context)
    : new HostLooker(context, context.host, image.RootFS?.Layers?.length ?? 0)
}
