package io.ottla.coordinator.group.assign;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** Numbers of partitions of one topic, ascending, each once. Immutable. */
public final class PartitionSet {
    public static final PartitionSet NONE = new PartitionSet(new int[0]);

    private final int[] numbers;

    private PartitionSet(int[] numbers) {
        this.numbers = numbers;
    }

    /** @param numbers in any order */
    public static PartitionSet of(int... numbers) {
        return sorted(numbers.clone());
    }

    /** @param numbers in any order */
    public static PartitionSet of(Collection<Integer> numbers) {
        return sorted(numbers.stream().mapToInt(Integer::intValue).toArray());
    }

    /** @param numbers the bits that are set */
    public static PartitionSet of(BitSet numbers) {
        return numbers.isEmpty() ? NONE : new PartitionSet(numbers.stream().toArray());
    }

    /** From 0 to one less than the count. */
    public static PartitionSet upTo(int count) {
        return new PartitionSet(IntStream.range(0, count).toArray());
    }

    private static PartitionSet sorted(int[] own) {
        if (own.length == 0) {
            return NONE;
        }
        Arrays.sort(own);
        int kept = 1;
        for (int i = 1; i < own.length; i++) {
            if (own[i] != own[i - 1]) {
                own[kept++] = own[i];
            }
        }
        return new PartitionSet(kept == own.length ? own : Arrays.copyOf(own, kept));
    }

    public int size() {
        return numbers.length;
    }

    public boolean isEmpty() {
        return numbers.length == 0;
    }

    public boolean contains(int number) {
        return indexOf(number) >= 0;
    }

    /** Where a number is; negative where it is not. */
    public int indexOf(int number) {
        return Arrays.binarySearch(numbers, number);
    }

    /** @param index from 0 to one less than the size */
    public int get(int index) {
        return numbers[index];
    }

    public void forEach(IntConsumer each) {
        for (int number : numbers) {
            each.accept(number);
        }
    }

    public List<Integer> asList() {
        return IntStream.of(numbers).boxed().toList();
    }

    public BitSet toBits() {
        BitSet bits = new BitSet();
        forEach(bits::set);
        return bits;
    }

    /** What is in this or in the other. */
    public PartitionSet union(PartitionSet other) {
        if (other.isEmpty() || equals(other)) {
            return this;
        }
        if (isEmpty()) {
            return other;
        }
        int[] all = Arrays.copyOf(numbers, numbers.length + other.numbers.length);
        System.arraycopy(other.numbers, 0, all, numbers.length, other.numbers.length);
        return sorted(all);
    }

    /** What is in this and not in the other. */
    public PartitionSet minus(PartitionSet other) {
        return filtered(other, false);
    }

    /** What is in both. */
    public PartitionSet intersection(PartitionSet other) {
        return filtered(other, true);
    }

    private PartitionSet filtered(PartitionSet other, boolean wanted) {
        int[] kept = new int[numbers.length];
        int count = 0;
        for (int number : numbers) {
            if (other.contains(number) == wanted) {
                kept[count++] = number;
            }
        }
        if (count == numbers.length) {
            return this;
        }
        return count == 0 ? NONE : new PartitionSet(Arrays.copyOf(kept, count));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PartitionSet set && Arrays.equals(numbers, set.numbers);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(numbers);
    }

    @Override
    public String toString() {
        return Arrays.toString(numbers);
    }
}
