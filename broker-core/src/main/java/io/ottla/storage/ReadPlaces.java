package io.ottla.storage;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Where readers of a log stopped lately, so that one who goes on needs neither index nor batch headers to find its
 * place. The newest {@value #SIZE} are known: as many readers may follow the same partition through its past. A log that
 * is cut gets a new one of these, and what a reader of before notes in the old one is lost. Thread-safe.
 */
final class ReadPlaces {
    static final int NOWHERE = -1;

    private static final int SIZE = 64;

    private record Place(LogSegment segment, long offset, int position) {}

    private final AtomicInteger count = new AtomicInteger();
    /** Null until somebody stops: most logs are read at their end alone. */
    private volatile AtomicReferenceArray<Place> places;

    /** Notes that the first batch that ends at the offset or past it begins at that position. */
    void note(LogSegment segment, long offset, int position) {
        AtomicReferenceArray<Place> known = places;
        (known == null ? begin() : known).set(count.getAndIncrement() & SIZE - 1, new Place(segment, offset, position));
    }

    private synchronized AtomicReferenceArray<Place> begin() {
        if (places == null) {
            places = new AtomicReferenceArray<>(SIZE);
        }
        return places;
    }

    /** Where in the segment the first batch begins that ends at the offset or past it, or {@link #NOWHERE}. */
    int find(LogSegment segment, long offset) {
        AtomicReferenceArray<Place> known = places;
        for (int i = 0; known != null && i < SIZE; i++) {
            Place place = known.get(i);
            if (place == null) {
                return NOWHERE;
            }
            if (place.offset == offset && place.segment == segment) {
                return place.position;
            }
        }
        return NOWHERE;
    }
}
