package io.ottla.cluster;

import io.ottla.metrics.Counter;
import io.ottla.metrics.Labels;
import io.ottla.metrics.Metrics;

/** What a controller counts of its brokers' polls. Thread-safe. */
public final class PublisherMeter {
    private final Counter polls;
    private final Counter steps;
    private final Counter images;
    private final Counter suspicions;
    private final Counter refused;
    private final Counter silent;
    private volatile int leases;

    public PublisherMeter(Metrics metrics) {
        polls = metrics.counter(
                "ottla_controller_polls_total", "Polls of brokers that this one was asked", Labels.NONE);
        steps = metrics.counter(
                "ottla_controller_steps_sent_total", "Steps of metadata in answers to brokers' polls", Labels.NONE);
        images = metrics.counter(
                "ottla_controller_images_sent_total", "Whole images in answers to brokers' polls", Labels.NONE);
        suspicions = metrics.counter(
                "ottla_controller_suspicions_total",
                "Times that the controller knocked at a broker, since it may be dead",
                Labels.NONE);
        refused = fencings(metrics, "refused");
        silent = fencings(metrics, "silent");
        metrics.gauge(
                "ottla_controller_broker_leases",
                "Brokers whose lease runs, where this one is the controller",
                Labels.NONE,
                () -> leases);
    }

    private static Counter fencings(Metrics metrics, String why) {
        return metrics.counter(
                "ottla_controller_fencings_total",
                "Brokers that were fenced: their process was gone, or they were silent for a lease",
                Labels.of("why", why));
    }

    void leases(int running) {
        leases = running;
    }

    void polled() {
        polls.increment();
    }

    void answered(PollAnswer.News news) {
        steps.add(news.steps().size());
        if (news.whole() != null) {
            images.increment();
        }
    }

    void suspected() {
        suspicions.increment();
    }

    void fenced(boolean processGone) {
        (processGone ? refused : silent).increment();
    }
}
