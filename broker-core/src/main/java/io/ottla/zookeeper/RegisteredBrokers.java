package io.ottla.zookeeper;

import io.ottla.metadata.BrokerImage;
import io.ottla.peer.BrokerDirectory;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.zookeeper.KeeperException.Code;

/** Brokers by their nodes under {@code /brokers/ids}, each looked at when it is asked for. Thread-safe. */
public final class RegisteredBrokers implements BrokerDirectory {
    private final ZooKeeperRequests requests;

    /** @param executor where answers come */
    public RegisteredBrokers(ZooKeeperSession session, Executor executor) {
        this.requests = session.requests(executor);
    }

    @Override
    public CompletionStage<Optional<BrokerImage>> lookUp(BrokerId broker) {
        return requests.getData(BrokerRegistration.path(broker)).thenCompose(answer -> {
            if (answer.isOk()) {
                BrokerEpoch epoch = new BrokerEpoch(answer.stat().getCzxid());
                return CompletableFuture.completedFuture(
                        Optional.ofNullable(BrokerNode.decode(broker, epoch, answer.value())));
            }
            return answer.code() == Code.NONODE
                    ? CompletableFuture.completedFuture(Optional.empty())
                    : CompletableFuture.failedFuture(new ZooKeeperUnavailableException("Expected to read "
                            + BrokerRegistration.path(broker) + ", but ZooKeeper says " + answer.code()));
        });
    }
}
