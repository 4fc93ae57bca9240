package io.ottla.console.acls;

import io.ottla.console.access.Action;
import io.ottla.console.access.Change;
import io.ottla.console.access.Visit;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.pages.Mistyped;
import io.ottla.console.words.Wording;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.DeleteAclsResult;
import org.apache.kafka.clients.admin.DeleteAclsResult.FilterResult;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;

/** What is asked of and done to access rules, for pages and the API alike. */
public final class Acls {
    /** Rules that are made or deleted at once. */
    public static final int MAX_AT_ONCE = 5_000;

    /** Rules that one request to the cluster carries. */
    private static final int A_REQUEST = 500;
    /** Rules that the trail names one by one. */
    private static final int NAMED = 200;

    private Acls() {}

    /** The rules that a filter matches and that the visitor may see, in no order. */
    public static List<Acl> list(Visit visit, AclBindingFilter filter) {
        visit.require(Action.VIEW_ACLS);
        return visit.cluster().await(visit.asking().describeAcls(filter).values(), Wording.of("doing.acls")).stream()
                .map(Acl::of)
                .filter(acl -> acl.isVisible(visit))
                .toList();
    }

    /**
     * Makes rules; those that are there already stay as they are.
     *
     * @throws Mistyped where one of them can't be a rule; then none is made
     */
    public static void create(Visit visit, Collection<Acl> acls) {
        requireSome(acls);
        acls.forEach(acl -> requireWithin(visit, acl.checked()));
        visit.change(change(acls, "create"), admin -> {
            Failed failed = new Failed("acls.failed.create", acls.size());
            for (List<Acl> part : parts(acls)) {
                Map<AclBinding, KafkaFuture<Void>> answers = admin.createAcls(
                                part.stream().map(Acl::binding).toList())
                        .values();
                answers.forEach((binding, answer) ->
                        failed.unless(Acl.of(binding), () -> visit.cluster().await(answer, Wording.of("doing.acls"))));
            }
            return failed.check();
        });
    }

    /** Deletes exactly these; whoever has deleted one meanwhile has done no harm. */
    public static void delete(Visit visit, Collection<Acl> acls) {
        requireSome(acls);
        acls.forEach(acl -> requireWithin(visit, acl));
        visit.change(change(acls, "delete"), admin -> {
            Failed failed = new Failed("acls.failed.delete", acls.size());
            for (List<Acl> part : parts(acls)) {
                Map<AclBindingFilter, Acl> byFilter = new LinkedHashMap<>();
                part.forEach(acl -> byFilter.put(acl.binding().toFilter(), acl));
                admin.deleteAcls(byFilter.keySet())
                        .values()
                        .forEach((filter, answer) -> failed.unless(
                                byFilter.get(filter),
                                () -> requireDone(visit.cluster().await(answer, Wording.of("doing.acls")))));
            }
            return failed.check();
        });
    }

    private static void requireDone(DeleteAclsResult.FilterResults results) {
        for (FilterResult each : results.values()) {
            if (each.exception() != null) {
                throw new ClusterFailure(
                        ClusterFailure.Reason.REFUSED,
                        Wording.quoted(String.valueOf(each.exception().getMessage())),
                        each.exception());
            }
        }
    }

    private static void requireSome(Collection<Acl> acls) {
        if (acls.isEmpty()) {
            throw new Mistyped(Wording.of("acls.none-given"));
        }
        if (acls.size() > MAX_AT_ONCE) {
            throw new Mistyped(Wording.of("acls.too-many", MAX_AT_ONCE, acls.size()));
        }
    }

    /** Whoever has no say over a topic must not open it to others by a rule. Who may change no rule is refused later. */
    private static void requireWithin(Visit visit, Acl acl) {
        if (visit.may(Action.EDIT_ACLS) && !acl.isChangeable(visit)) {
            throw new Mistyped(Wording.of("acls.outside", acl.toString()));
        }
    }

    private static Change change(Collection<Acl> acls, String what) {
        Change change = Change.of(
                Action.EDIT_ACLS, acls.stream().limit(NAMED).map(Acl::toString).toList());
        return change.with("do", what).with("rules", acls.size());
    }

    private static List<List<Acl>> parts(Collection<Acl> acls) {
        List<Acl> all = List.copyOf(acls);
        List<List<Acl>> parts = new ArrayList<>();
        for (int from = 0; from < all.size(); from += A_REQUEST) {
            parts.add(all.subList(from, Math.min(all.size(), from + A_REQUEST)));
        }
        return parts;
    }

    /** Counts what the cluster did not do of many things, and remembers the first. */
    private static final class Failed {
        private final String key;
        private final int all;
        private int count;
        private Acl first;
        private ClusterFailure why;

        Failed(String key, int all) {
            this.key = key;
            this.all = all;
        }

        void unless(Acl acl, Runnable step) {
            try {
                step.run();
            } catch (ClusterFailure failure) {
                count++;
                if (why == null) {
                    first = acl;
                    why = failure;
                }
            }
        }

        /** @throws ClusterFailure where anything was not done */
        Void check() {
            if (why == null) {
                return null;
            }
            throw all == 1
                    ? why
                    : new ClusterFailure(
                            why.reason(), Wording.of(key, count, all, first.toString(), why.wording()), why.getCause());
        }
    }
}
