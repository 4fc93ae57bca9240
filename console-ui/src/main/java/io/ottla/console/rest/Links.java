package io.ottla.console.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;

/**
 * Addresses and resource names of one cluster's things. Addresses are paths alone (RFC 3986, 4.2), to be read from where
 * the answer came from: the caller's word for this host goes into no link, and a proxy in front stays in front.
 *
 * @param root such as {@code /v3/clusters}
 */
record Links(String root, String cluster) {
    /** Another resource. */
    record Related(String related) {}

    /** What a resource says of itself. */
    record Metadata(
            String self, @JsonProperty("resource_name") String resourceName) {}

    /** What a list says of itself; there is never a next page. */
    record ListMetadata(String self, String next) {}

    /** A list of resources. */
    record Listed<T>(String kind, ListMetadata metadata, List<T> data) {}

    static Links of(HttpServletRequest request, String cluster) {
        String path = request.getRequestURI().substring(request.getContextPath().length());
        String prefix = path.startsWith("/kafka/") ? "/kafka/v3" : path.startsWith("/api/") ? "/api/v1" : "/v3";
        return new Links(request.getContextPath() + prefix + "/clusters", cluster);
    }

    Metadata metadata(String below) {
        return new Metadata(at(below), "crn:///kafka=" + cluster + resourceName(below));
    }

    Related related(String below) {
        return new Related(at(below));
    }

    <T> Listed<T> listed(String kind, String below, List<T> data) {
        return new Listed<>(kind, new ListMetadata(at(below), null), data);
    }

    private String at(String below) {
        return root + "/" + cluster + below;
    }

    /** "/topics/t/partitions/0" is named "/topic=t/partition=0". */
    private static String resourceName(String below) {
        if (below.isEmpty()) {
            return "";
        }
        String[] parts = below.substring(1).split("/");
        StringBuilder name = new StringBuilder();
        for (int i = 0; i + 1 < parts.length; i += 2) {
            String kind = parts[i].endsWith("s") ? parts[i].substring(0, parts[i].length() - 1) : parts[i];
            name.append('/').append(kind).append('=').append(parts[i + 1]);
        }
        return name.toString();
    }
}
