//! The border and the seal of a certificate: fine interlaced lines, like those of a bank note.

use std::f32::consts::TAU;

use krilla::geom::{Path, PathBuilder};

use super::page::{BLUE, Colour, DEEP, HEIGHT, Ink, WIDTH, polyline, rectangle};

/// From the edge of the paper to the border, in points.
const MARGIN: f32 = 24.0;

/// Width of the border, in points.
const BAND: f32 = 20.0;

/// From the edge of the paper to the inner edge of the border, in points.
pub const INNER: f32 = MARGIN + BAND;

/// Waves along a short and a long side of the border.
const WAVES: (u16, u16) = (26, 38);

/// Heights of the interlaced waves, in parts of the room there is.
const HEIGHTS: [f32; 2] = [1.0, 0.5];

/// The lines of the border.
const TINT: Colour = Colour(0x6f, 0xa3, 0xd3);

/// To a hundredth of a point, which nobody sees and which makes the file smaller.
fn rounded(length: f32) -> f32 {
    (length * 100.0).round() / 100.0
}

/// One side of the border: where its middle line begins, its direction, and its length.
struct Side {
    start: (f32, f32),
    along: (f32, f32),
    length: f32,
    waves: u16,
}

impl Side {
    /// The point at a distance along the side and another across it.
    fn point(&self, along: f32, across: f32) -> (f32, f32) {
        let (dx, dy) = self.along;
        (rounded(self.start.0 + dx * along - dy * across), rounded(self.start.1 + dy * along + dx * across))
    }

    /// A wave along the side: a sine or, `shifted`, a cosine.
    fn wave(&self, height: f32, shifted: bool) -> Option<Path> {
        let quarter = self.length / f32::from(self.waves * 4);
        // Where a sine is after each quarter of a wave, and whether it then rises, falls or turns.
        let levels = [0.0, 1.0, 0.0, -1.0];
        let level = |at: u16| levels.get(usize::from((at + u16::from(shifted)) % 4)).copied().unwrap_or_default() * height;
        let mut path = PathBuilder::new();
        let (x, y) = self.point(0.0, level(0));
        path.move_to(x, y);
        for at in 0..self.waves * 4 {
            let (from, to) = (level(at), level(at + 1));
            let start = f32::from(at) * quarter;
            // The curve that is nearest to a quarter of a sine: steep at the middle line, level at the turn.
            let leaves_middle = from == 0.0;
            let (a, b) = if leaves_middle {
                ((0.326, from + (to - from) * 0.512), (0.638, to))
            } else {
                ((0.362, from), (0.674, to + (from - to) * 0.512))
            };
            let (ax, ay) = self.point(start + quarter * a.0, a.1);
            let (bx, by) = self.point(start + quarter * b.0, b.1);
            let (x, y) = self.point(start + quarter, to);
            path.cubic_to(ax, ay, bx, by, x, y);
        }
        path.finish()
    }
}

fn sides() -> [Side; 4] {
    let (low, half) = (MARGIN, BAND / 2.0);
    let (across, down) = (WIDTH - 2.0 * INNER, HEIGHT - 2.0 * INNER);
    let middle = low + half;
    [
        Side { start: (INNER, middle), along: (1.0, 0.0), length: across, waves: WAVES.0 },
        Side { start: (WIDTH - middle, INNER), along: (0.0, 1.0), length: down, waves: WAVES.1 },
        Side { start: (INNER, HEIGHT - middle), along: (1.0, 0.0), length: across, waves: WAVES.0 },
        Side { start: (middle, INNER), along: (0.0, 1.0), length: down, waves: WAVES.1 },
    ]
}

fn frame(inset: f32) -> Option<Path> {
    rectangle((inset, inset), (WIDTH - 2.0 * inset, HEIGHT - 2.0 * inset))
}

/// The border of a page.
pub fn border() -> Vec<Ink> {
    let mut inks = Vec::new();
    let room = BAND / 2.0 - 2.2;
    for side in sides() {
        for height in HEIGHTS {
            for (sign, shifted) in [(1.0, false), (-1.0, false), (1.0, true), (-1.0, true)] {
                inks.extend(side.wave(sign * height * room, shifted).map(|path| Ink::Stroke(path, TINT, 0.35)));
            }
        }
    }
    for (x, y) in [(MARGIN, MARGIN), (WIDTH - INNER, MARGIN), (MARGIN, HEIGHT - INNER), (WIDTH - INNER, HEIGHT - INNER)] {
        let centre = (x + BAND / 2.0, y + BAND / 2.0);
        inks.extend(rectangle((x, y), (BAND, BAND)).map(|path| Ink::Stroke(path, DEEP, 0.6)));
        for (petals, phase) in [(8.0, 0.0), (8.0, 0.5)] {
            let petals = Petals { count: petals, phase, least: 0.25 };
            inks.extend(rosette(centre, room, petals).map(|path| Ink::Stroke(path, BLUE, 0.4)));
        }
        inks.extend(diamond(centre, 2.2).map(|path| Ink::Fill(path, DEEP)));
    }
    inks.extend(frame(MARGIN).map(|path| Ink::Stroke(path, DEEP, 1.4)));
    inks.extend(frame(INNER).map(|path| Ink::Stroke(path, DEEP, 0.6)));
    inks.extend(frame(INNER + 4.0).map(|path| Ink::Stroke(path, TINT, 0.4)));
    inks
}

/// How a rosette swings between its outer edge and `least` of it.
#[derive(Clone, Copy)]
struct Petals {
    count: f32,
    /// In parts of a petal.
    phase: f32,
    least: f32,
}

/// A closed line that swings around a centre.
fn rosette(centre: (f32, f32), radius: f32, petals: Petals) -> Option<Path> {
    let steps: u16 = 240;
    let points: Vec<(f32, f32)> = (0..steps)
        .map(|step| {
            let turn = f32::from(step) / f32::from(steps) * TAU;
            let swing = f32::midpoint(1.0, (petals.count * turn + petals.phase * TAU).cos());
            let away = radius * (petals.least + (1.0 - petals.least) * swing);
            (rounded(centre.0 + away * turn.cos()), rounded(centre.1 + away * turn.sin()))
        })
        .collect();
    polyline(&points, true)
}

fn circle(centre: (f32, f32), radius: f32) -> Option<Path> {
    // Four curves make a circle to within 0.03% with this handle.
    let handle = radius * 0.5523;
    let (x, y) = centre;
    let mut path = PathBuilder::new();
    path.move_to(x + radius, y);
    path.cubic_to(x + radius, y + handle, x + handle, y + radius, x, y + radius);
    path.cubic_to(x - handle, y + radius, x - radius, y + handle, x - radius, y);
    path.cubic_to(x - radius, y - handle, x - handle, y - radius, x, y - radius);
    path.cubic_to(x + handle, y - radius, x + radius, y - handle, x + radius, y);
    path.close();
    path.finish()
}

/// A small square on its corner.
pub fn diamond((x, y): (f32, f32), half: f32) -> Option<Path> {
    polyline(&[(x, y - half), (x + half, y), (x, y + half), (x - half, y)], true)
}

/// A seal: rings of interlaced lines around a tick.
pub fn seal(centre: (f32, f32), radius: f32) -> Vec<Ink> {
    let mut inks = Vec::new();
    for step in 0_u8..6 {
        let petals = Petals { count: 24.0, phase: f32::from(step) / 6.0, least: 0.72 };
        inks.extend(rosette(centre, radius, petals).map(|path| Ink::Stroke(path, BLUE, 0.4)));
    }
    for step in 0_u8..4 {
        let petals = Petals { count: 12.0, phase: f32::from(step) / 4.0, least: 0.8 };
        inks.extend(rosette(centre, radius * 0.74, petals).map(|path| Ink::Stroke(path, TINT, 0.4)));
    }
    inks.extend(circle(centre, radius + 2.0).map(|path| Ink::Stroke(path, DEEP, 0.9)));
    inks.extend(circle(centre, radius * 0.54).map(|path| Ink::Fill(path, DEEP)));
    let (x, y) = centre;
    let unit = radius * 0.54;
    let tick = [(-0.46, 0.04), (-0.14, 0.38), (0.48, -0.32)].map(|(dx, dy)| (x + dx * unit, y + dy * unit));
    inks.extend(polyline(&tick, false).map(|path| Ink::Stroke(path, Colour(0xff, 0xff, 0xff), unit * 0.2)));
    inks
}
