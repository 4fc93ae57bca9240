package io.ottla.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;

/** A password that the test knows, put where the console keeps its hash. */
public final class TestingPassword {
    public static final String PASSWORD = "correct-horse-battery";

    private TestingPassword() {}

    public static Path in(Path folder) throws IOException {
        Files.writeString(folder.resolve("admin.password"), "{bcrypt}" + new BCryptPasswordEncoder(4).encode(PASSWORD));
        return folder;
    }
}
