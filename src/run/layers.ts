/** Looks at the image's layers and attestations: by walking the engine's directories, or through `docker save`. */
import type { Coverage, Hit } from '../evidence.js'

export interface LayerSight {
  hits: Hit[]
  droppedHits: number
  /** `layers` and `attestations`. */
  coverage: Coverage[]
  /** Files that the image ships at each tmpfs path; null: not known. */
  imageContent: Map<string, { items: number; examples: string[] }> | null
  /** Raw config blobs, where they were seen; oldest image first. */
  configs: Buffer[]
}
