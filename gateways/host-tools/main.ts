// A read-only MCP server about the machine it runs on, over stdio: what the demo investigates with.
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { disk } from './tools/disk.ts'
import { listeningPorts } from './tools/listening-ports.ts'
import { load } from './tools/load.ts'
import { logTail } from './tools/log-tail.ts'
import { memory } from './tools/memory.ts'
import { processes } from './tools/processes.ts'
import { uptime } from './tools/uptime.ts'

const server = new McpServer({ name: 'casebook-host-tools', version: '0.1.0' })
server.registerTool(load.name, load.config, load.call)
server.registerTool(memory.name, memory.config, memory.call)
server.registerTool(disk.name, disk.config, disk.call)
server.registerTool(processes.name, processes.config, processes.call)
server.registerTool(listeningPorts.name, listeningPorts.config, listeningPorts.call)
server.registerTool(uptime.name, uptime.config, uptime.call)
server.registerTool(logTail.name, logTail.config, logTail.call)

// The parent's death closes stdin; nothing else would end us.
process.stdin.once('end', () => process.exit(0))
await server.connect(new StdioServerTransport())
