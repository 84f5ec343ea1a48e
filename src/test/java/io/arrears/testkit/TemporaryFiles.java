package io.arrears.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A directory for one test: what @TempDir is, in a @QuarkusTest, where JUnit's own is not set. */
public final class TemporaryFiles implements AutoCloseable {

  private final Path directory;

  public TemporaryFiles() {
    try {
      directory = Files.createTempDirectory("arrears-test");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Path directory() {
    return directory;
  }

  /** A name in the directory, of nothing yet. */
  public Path path(String name) {
    return directory.resolve(name);
  }

  public Path write(String name, String content) {
    try {
      return Files.writeString(path(name), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try (Stream<Path> all = Files.walk(directory)) {
      List<Path> innermostFirst = all.sorted(Comparator.reverseOrder()).toList();
      for (Path each : innermostFirst) {
        Files.delete(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
