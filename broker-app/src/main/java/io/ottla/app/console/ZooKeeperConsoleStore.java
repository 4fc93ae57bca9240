package io.ottla.app.console;

import io.ottla.app.process.BrokerProcess;
import io.ottla.console.state.ConsoleStore;
import io.ottla.console.state.Folder;
import io.ottla.zookeeper.ConsoleNodes;
import java.util.List;
import java.util.Optional;

/** What all consoles of the cluster keep, in the ZooKeeper of the broker beside this one. */
final class ZooKeeperConsoleStore implements ConsoleStore {
    private final BrokerProcess process;
    private final ZooKeeperAnswers answers = new ZooKeeperAnswers("state.no-zookeeper");

    ZooKeeperConsoleStore(BrokerProcess process) {
        this.process = process;
    }

    @Override
    public List<String> names(Folder folder) {
        ConsoleNodes nodes = nodes();
        return answers.await(() -> nodes.names(folder.path()));
    }

    @Override
    public Optional<Entry> read(Folder folder, String name) {
        ConsoleStore.check(name);
        ConsoleNodes nodes = nodes();
        return answers.await(() -> nodes.read(folder.path(), name))
                .map(found -> new Entry(name, found.version(), found.content()));
    }

    @Override
    public boolean create(Folder folder, String name, byte[] content) {
        ConsoleStore.check(name, content);
        ConsoleNodes nodes = nodes();
        return answers.await(() -> nodes.create(folder.path(), name, content));
    }

    @Override
    public boolean update(Folder folder, String name, byte[] content, int version) {
        ConsoleStore.check(name, content);
        ConsoleNodes nodes = nodes();
        return answers.await(() -> nodes.update(folder.path(), name, content, version));
    }

    @Override
    public boolean delete(Folder folder, String name, int version) {
        ConsoleStore.check(name);
        ConsoleNodes nodes = nodes();
        return answers.await(() -> nodes.delete(folder.path(), name, version));
    }

    private ConsoleNodes nodes() {
        ConsoleNodes nodes = process.consoleNodes();
        if (nodes == null) {
            throw answers.failure("the broker is still starting", null);
        }
        return nodes;
    }
}
