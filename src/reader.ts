/**
 * The reader: a program of its own that runs as root and looks at a container from outside. It is told everything on its
 * stdin, answers on its stdout, reads only, and ends when its stdin closes. As a worker thread it walks directory trees;
 * with `--try` it tries access as somebody else.
 */
import { isMainThread } from 'node:worker_threads'
import { serve } from './reader/serve.js'
import { runTries } from './reader/try.js'
import { runWorker } from './reader/worker.js'

// The bundler rewrites import.meta.url; the path that Node was started with is the bundle itself.
if (!isMainThread) runWorker()
else if (process.argv[2] === '--try') runTries()
else serve(process.argv[1] ?? '')
