// The log in memory keeps the contract.
import { createMemoryEventLog } from '../../infra/memory/memory-event-log.ts'
import { eventLogContract } from './event-log-contract.ts'

eventLogContract('memory', async () => createMemoryEventLog())
