package io.ottla.protocol;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.Readable;
import org.apache.kafka.common.protocol.Writable;

/**
 * What a broker shows of those metrics at the moment. One that it does not have is left out.
 *
 * <pre>
 *   errorCode        int16
 *   errorMessage     nullable string
 *   softwareVersion  string
 *   cpuNs            int64    that its process has used since its start; -1 where it does not know
 *   series           array
 *     name           string
 *     labels         array    name, value, name, value, …
 *       text         string
 *     value          float64
 *   tagged fields
 * </pre>
 */
public final class FiguresResponse extends OwnMessage {
    /** A series of a metric. */
    public record Series(String name, List<String> labels, double value) {}

    private short errorCode;
    private String errorMessage;
    private String softwareVersion = "";
    private long cpuNs = -1;
    private List<Series> series = List.of();

    /** One to read into. */
    FiguresResponse() {
        super(OwnApi.FIGURES);
    }

    public FiguresResponse(String softwareVersion, long cpuNs, List<Series> series) {
        this();
        this.softwareVersion = softwareVersion;
        this.cpuNs = cpuNs;
        this.series = List.copyOf(series);
    }

    /** A refusal. */
    public FiguresResponse(short errorCode, String errorMessage) {
        this();
        this.errorCode = errorCode;
        this.errorMessage = errorMessage;
    }

    public short errorCode() {
        return errorCode;
    }

    /** Null where there is none. */
    public String errorMessage() {
        return errorMessage;
    }

    /** Empty where it is not known. */
    public String softwareVersion() {
        return softwareVersion;
    }

    public long cpuNs() {
        return cpuNs;
    }

    public List<Series> series() {
        return series;
    }

    @Override
    void writeFields(Writable to, short version) {
        to.writeShort(errorCode);
        Compact.writeString(to, errorMessage);
        Compact.writeString(to, softwareVersion);
        to.writeLong(cpuNs);
        Compact.writeCount(to, series.size());
        for (Series each : series) {
            Compact.writeString(to, each.name());
            Compact.writeStrings(to, each.labels());
            to.writeDouble(each.value());
        }
        Compact.writeNoTags(to);
    }

    @Override
    void readFields(Readable from, short version) {
        errorCode = from.readShort();
        errorMessage = Compact.readNullableString(from);
        softwareVersion = Compact.readString(from);
        cpuNs = from.readLong();
        int count = Compact.readCount(from);
        List<Series> read = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            read.add(new Series(Compact.readString(from), Compact.readStrings(from), from.readDouble()));
        }
        series = List.copyOf(read);
        Compact.skipTags(from);
    }

    @Override
    public String toString() {
        return "Figures(error " + errorCode + ", " + series.size() + " series)";
    }
}
