import { parentPort, workerData } from 'node:worker_threads'
import { type ExportInput, exportFile } from './rows/export-file.ts'
import { yieldToRequests } from '../../platform/threads.ts'

yieldToRequests()
Error.stackTraceLimit = 0
const { from, to } = workerData as ExportInput
parentPort?.postMessage({ result: exportFile(from, to) })
