// Before `npm start`, whose script is a shell's own word (`exec`, so that a signal to npm reaches the server):
// where no such shell is, the one clear line comes from here.
import { requireSystem } from './lib/bootstrap.mjs'

requireSystem()
