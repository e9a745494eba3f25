import { parentPort, workerData } from 'node:worker_threads'
import type { CheckInput, CheckMessage, CheckOutcome } from './rows/check-file.ts'
import { checkFile } from './rows/check-file.ts'
import { yieldToRequests } from '../../platform/threads.ts'

const send = (message: CheckMessage | { result: CheckOutcome }) => parentPort?.postMessage(message)

yieldToRequests()
// Bad rows are thrown by the million; nobody reads where.
Error.stackTraceLimit = 0
const { path } = workerData as CheckInput
send({ result: checkFile(path, (progress) => send({ progress })) })
