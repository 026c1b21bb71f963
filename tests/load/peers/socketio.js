// A signaling server as one writes it after the documentation of socket.io 4: join a room, hand
// a message to one socket of that room. https://socket.io/docs/v4/rooms/
import { createServer } from "node:http";
import { Server } from "socket.io";

const http = createServer();
// What a page would agree on in the end; compression is off unless asked for.
const io = new Server(http, { transports: ["websocket"], serveClient: false });

io.on("connection", (socket) => {
  let room;

  socket.on("join", (name, answer) => {
    const peers = [...(io.sockets.adapter.rooms.get(name) ?? [])];
    room = name;
    socket.join(room);
    socket.to(room).emit("peerJoined", socket.id);
    answer(peers);
  });

  socket.on("signal", ({ to, signal }) => {
    const peer = io.sockets.sockets.get(to);
    if (room !== undefined && peer?.rooms.has(room)) {
      peer.emit("signal", { from: socket.id, signal });
    }
  });

  socket.on("disconnect", () => {
    if (room !== undefined) io.to(room).emit("peerLeft", socket.id);
  });
});

http.listen(Number(process.argv[2]), "127.0.0.1");
