package io.ottla.protocol;

import java.util.List;
import org.apache.kafka.common.protocol.Readable;
import org.apache.kafka.common.protocol.Writable;

/**
 * A broker asks another for some of its metrics, for whoever looks at the whole cluster from one of them.
 *
 * <pre>
 *   names            array    of metrics
 *     name           string
 *   topics           array    of whose series to tell those that are told by topic
 *     topic          string
 *   tagged fields
 * </pre>
 */
public final class FiguresRequest extends OwnMessage {
    private List<String> names = List.of();
    private List<String> topics = List.of();

    /** One to read into. */
    FiguresRequest() {
        super(OwnApi.FIGURES);
    }

    public FiguresRequest(List<String> names, List<String> topics) {
        this();
        this.names = List.copyOf(names);
        this.topics = List.copyOf(topics);
    }

    public List<String> names() {
        return names;
    }

    public List<String> topics() {
        return topics;
    }

    @Override
    void writeFields(Writable to, short version) {
        Compact.writeStrings(to, names);
        Compact.writeStrings(to, topics);
        Compact.writeNoTags(to);
    }

    @Override
    void readFields(Readable from, short version) {
        names = Compact.readStrings(from);
        topics = Compact.readStrings(from);
        Compact.skipTags(from);
    }

    @Override
    public String toString() {
        return "Figures(" + names.size() + " names, " + topics.size() + " topics)";
    }
}
