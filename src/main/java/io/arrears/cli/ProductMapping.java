package io.arrears.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Which product a line of a bill belongs to: by its service's name, else by its service's category,
 * else the default.
 */
record ProductMapping(Map<String, String> products, String other) {

  private static final String BUILT_IN = "samples/focus-mapping.yaml";
  private static final String DEFAULT = "default";

  String product(String serviceName, String serviceCategory) {
    String byName = products.get(serviceName);
    return byName != null ? byName : products.getOrDefault(serviceCategory, other);
  }

  /** The mapping that comes with the program. */
  static ProductMapping builtIn() throws IOException {
    try (InputStream in = ProductMapping.class.getClassLoader().getResourceAsStream(BUILT_IN)) {
      if (in == null) {
        throw new IOException("the program lacks its " + BUILT_IN);
      }
      return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8), BUILT_IN);
    }
  }

  static ProductMapping read(Path file) throws IOException {
    try (Reader in = Files.newBufferedReader(file)) {
      StringBuilder text = new StringBuilder();
      for (int c = in.read(); c >= 0; c = in.read()) {
        text.append((char) c);
      }
      return parse(text.toString(), file.toString());
    }
  }

  /**
   * @param name for messages
   * @throws IOException if it is not a flat mapping of names to products
   */
  static ProductMapping parse(String yaml, String name) throws IOException {
    Object document;
    try {
      document = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
    } catch (YAMLException e) {
      throw new IOException("the mapping " + name + " is no YAML: " + e.getMessage(), e);
    }
    if (!(document instanceof Map<?, ?> map)) {
      throw new IOException("the mapping " + name + " must hold lines such as 'default: css'");
    }
    Map<String, String> products = new LinkedHashMap<>();
    map.forEach((key, value) -> products.put(String.valueOf(key), String.valueOf(value)));
    String other = products.remove(DEFAULT);
    if (other == null) {
      throw new IOException("the mapping " + name + " needs a line 'default: PRODUCT'");
    }
    return new ProductMapping(Map.copyOf(products), other);
  }
}
