// The pages beside this file, and a signaling server as one writes it with `ws`: join a room, hand a
// message to one participant of that room.
const { readFileSync } = require("node:fs");
const { createServer } = require("node:http");
const { WebSocketServer } = require("ws");

const files = {
  "/peer-connection": ["text/html", "peer-connection.html"],
  "/data-channel": ["text/html", "data-channel.html"],
  "/room": ["text/html", "room.html"],
  "/simplepeer.min.js": ["text/javascript", "node_modules/simple-peer/simplepeer.min.js"],
};

const http = createServer((request, response) => {
  const found = files[request.url.split("?")[0]];
  if (!found) return response.writeHead(404).end();
  const [type, file] = found;
  response.writeHead(200, { "content-type": type });
  response.end(readFileSync(`${__dirname}/${file}`));
});

const rooms = new Map();
let last = 0;

new WebSocketServer({ server: http }).on("connection", (socket) => {
  const id = String(++last);
  let room;
  socket.on("message", (data) => {
    const message = JSON.parse(data);
    if (message.join !== undefined) {
      room = rooms.get(message.join) ?? new Map();
      rooms.set(message.join, room);
      socket.send(JSON.stringify({ peers: [...room.keys()] }));
      room.set(id, socket);
    } else {
      room?.get(message.to)?.send(JSON.stringify({ from: id, signal: message.signal }));
    }
  });
  socket.on("close", () => room?.delete(id));
});

http.listen(0, "127.0.0.1", () => console.log(`listening on ${http.address().port}`));
