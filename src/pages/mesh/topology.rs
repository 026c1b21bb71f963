//! What a call of so many people takes, in each of the three ways to connect them. Pure.

/// Who connects to whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Topology {
    /// Everybody to everybody.
    Mesh,
    /// Everybody to a server that forwards what it gets (selective forwarding unit).
    Sfu,
    /// Everybody to a server that mixes all into one stream (multipoint control unit).
    Mcu,
}

/// Numbers of one participant, but for the first; videos only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Needs {
    /// Connections in the whole room.
    pub(super) room_connections: usize,
    pub(super) connections: usize,
    pub(super) sent: usize,
    pub(super) received: usize,
    pub(super) encodings: usize,
    pub(super) decodings: usize,
}

impl Topology {
    /// For a room with `people` in it, oneself included.
    pub(super) fn needs(self, people: usize) -> Needs {
        let others = people.saturating_sub(1);
        // Alone there is nobody to send to, in a mesh or through a server.
        let one = others.min(1);
        match self {
            Self::Mesh => Needs {
                room_connections: people * others / 2,
                connections: others,
                sent: others,
                received: others,
                encodings: others,
                decodings: others,
            },
            Self::Sfu => Needs {
                room_connections: people,
                connections: 1,
                sent: one,
                received: others,
                encodings: one,
                decodings: others,
            },
            Self::Mcu => Needs {
                room_connections: people,
                connections: 1,
                sent: one,
                received: one,
                encodings: one,
                decodings: one,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_connections_of_a_mesh_grow_with_the_square() {
        let room = |people| Topology::Mesh.needs(people).room_connections;
        assert_eq!([2, 3, 4, 8].map(room), [1, 3, 6, 28]);
        assert_eq!(Topology::Mesh.needs(8).connections, 7);
    }

    #[test]
    fn a_server_saves_upload_and_a_mixing_one_download_too() {
        let sfu = Topology::Sfu.needs(8);
        assert_eq!((sfu.room_connections, sfu.sent, sfu.received), (8, 1, 7));
        assert_eq!((sfu.encodings, sfu.decodings), (1, 7));
        let mcu = Topology::Mcu.needs(8);
        assert_eq!((mcu.room_connections, mcu.sent, mcu.received), (8, 1, 1));
        assert_eq!((mcu.encodings, mcu.decodings), (1, 1));
    }

    #[test]
    fn alone_nothing_is_sent() {
        for topology in [Topology::Mesh, Topology::Sfu, Topology::Mcu] {
            for people in [0, 1] {
                let needs = topology.needs(people);
                assert_eq!((needs.sent, needs.received), (0, 0), "{topology:?}");
            }
        }
    }
}
