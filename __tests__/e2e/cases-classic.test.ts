/** Every case on an engine with the classic image store. */
import { describeCases } from './support/describe-cases.js'

describeCases('classic')
