package io.ottla.console.moves;

import java.util.Arrays;

/** A list of ints that grows. */
final class Numbers {
    private int[] numbers = new int[8];
    private int size;

    int size() {
        return size;
    }

    int get(int index) {
        return numbers[index];
    }

    void add(int number) {
        if (size == numbers.length) {
            numbers = Arrays.copyOf(numbers, size * 2);
        }
        numbers[size++] = number;
    }

    /** Removes it; the last one takes its place. */
    void removeSwapping(int index) {
        numbers[index] = numbers[--size];
    }
}
