extension Figure {
    /// This figure, and another one below it: a run, and what its clients lived through.
    ///
    /// What the lower figure shows stands for no events of the upper one's trace.
    package func above(_ lower: Figure) -> Figure {
        var whole = self
        whole.width = max(width, lower.width)
        whole.height = height + lower.height
        whole.story = story + " " + lower.story
        whole.cuts.append(height)
        whole.bands += lower.bands.map { band in
            Band(style: band.style, box: band.box.moved(down: height), events: [])
        }
        whole.segments += lower.segments.map { segment in
            Segment(
                style: segment.style, x: segment.x, top: segment.top + height, bottom: segment.bottom + height,
                tooltip: segment.tooltip, events: [])
        }
        whole.arrows += lower.arrows.map { arrow in
            var arrow = arrow
            arrow.start.y += height
            arrow.end.y += height
            arrow.events = []
            return arrow
        }
        whole.glyphs += lower.glyphs.map { glyph in
            var glyph = glyph
            glyph.center.y += height
            glyph.events = []
            return glyph
        }
        whole.labels += lower.labels.map { label in
            var label = label
            label.box = label.box.moved(down: height)
            label.events = []
            return label
        }
        return whole
    }
}
