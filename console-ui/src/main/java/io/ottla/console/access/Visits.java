package io.ottla.console.access;

import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.Clusters;
import io.ottla.console.clusters.ManagedCluster;
import io.ottla.console.words.Wording;
import jakarta.servlet.http.HttpServletRequest;
import java.time.InstantSource;
import java.util.List;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;

/** Who asks for what at which cluster: makes the visits of a request. Thread-safe. */
public final class Visits {
    private final Clusters clusters;
    private final AuditTrail trail;
    private final InstantSource clock;

    public Visits(Clusters clusters, AuditTrail trail, InstantSource clock) {
        this.clusters = clusters;
        this.trail = trail;
        this.clock = clock;
    }

    /**
     * The one who is logged in.
     *
     * @throws IllegalStateException where nobody is: the login stands before every page that asks this
     */
    public static Visitor visitor() {
        Authentication login = SecurityContextHolder.getContext().getAuthentication();
        if (login != null && login.getPrincipal() instanceof Visitor visitor) {
            return visitor;
        }
        throw new IllegalStateException("Expected somebody who has logged in, but got " + login);
    }

    /** His visit to the console itself. */
    public ConsoleVisit console(HttpServletRequest request) {
        return new ConsoleVisit(visitor(), request.getRemoteAddr(), trail, clock);
    }

    /** His visit to the cluster with this key; one that he may not look at is not there for him. */
    public Visit at(String key, HttpServletRequest request) {
        return visit(clusters.get(key), key, request);
    }

    /** The same by the id that the cluster gives itself. */
    public Visit atId(String id, HttpServletRequest request) {
        return visit(clusters.withId(id), id, request);
    }

    private Visit visit(ManagedCluster cluster, String asked, HttpServletRequest request) {
        Visitor visitor = visitor();
        if (!visitor.may(Action.VIEW_CLUSTER, cluster.key(), "")) {
            throw new ClusterFailure(ClusterFailure.Kind.NO_SUCH_CLUSTER, Wording.of("failure.no-cluster", asked));
        }
        return new Visit(visitor, request.getRemoteAddr(), cluster, trail, clock);
    }

    /** His visits to all clusters that are switched on and that he may look at, in their order. */
    public List<Visit> all(HttpServletRequest request) {
        Visitor visitor = visitor();
        return clusters.enabled().stream()
                .filter(cluster -> visitor.may(Action.VIEW_CLUSTER, cluster.key(), ""))
                .map(cluster -> new Visit(visitor, request.getRemoteAddr(), cluster, trail, clock))
                .toList();
    }
}
