/** Every case on an engine with the containerd image store. */
import { describeCases } from './support/describe-cases.js'

describeCases('containerd')
