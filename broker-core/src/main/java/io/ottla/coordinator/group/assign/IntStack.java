package io.ottla.coordinator.group.assign;

import java.util.Arrays;

/** Numbers in a row that grows. */
final class IntStack {
    private int[] numbers = new int[4];
    private int size;

    void push(int number) {
        if (size == numbers.length) {
            numbers = Arrays.copyOf(numbers, size * 2);
        }
        numbers[size++] = number;
    }

    int pop() {
        return numbers[--size];
    }

    int get(int index) {
        return numbers[index];
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Takes a number away; the last one comes in its place. */
    void remove(int number) {
        for (int i = size - 1; i >= 0; i--) {
            if (numbers[i] == number) {
                numbers[i] = numbers[--size];
                return;
            }
        }
    }

    void clear() {
        size = 0;
    }

    int[] toArray() {
        return Arrays.copyOf(numbers, size);
    }
}
