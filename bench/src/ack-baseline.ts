import { createServer } from 'node:http'

// The baseline of `ack`: the quickest thing Node's own server can do with the same request. It reads the body and answers.
const server = createServer((request, response) => {
  request.on('data', () => {})
  request.on('end', () => {
    response.writeHead(200, { 'content-type': 'text/plain', 'content-length': '7' })
    response.end('success')
  })
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address && typeof address === 'object') process.send?.({ ready: true, url: `http://127.0.0.1:${address.port}` })
})
process.on('SIGTERM', () => process.exit(0))
process.on('disconnect', () => process.exit(0))
