package io.arrears.notification;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Which addresses webhooks may go to: customers name the URLs, and must not reach through us what
 * they cannot reach themselves. It judges the very addresses that are then connected to, because a
 * name can mean another one a moment later.
 */
final class AddressGuard {

  /** What is not the open Internet (IANA's registries of special-purpose addresses). */
  private static final List<String> CLOSED_4 =
      List.of(
          "0.0.0.0/8",
          "10.0.0.0/8",
          "100.64.0.0/10",
          "127.0.0.0/8",
          "169.254.0.0/16",
          "172.16.0.0/12",
          "192.0.0.0/24",
          "192.0.2.0/24",
          "192.88.99.0/24",
          "192.168.0.0/16",
          "198.18.0.0/15",
          "198.51.100.0/24",
          "203.0.113.0/24",
          "224.0.0.0/4",
          "240.0.0.0/4");

  /** Of IPv6 only global unicast is open, and of that not what stands for IPv4 or documents. */
  private static final String OPEN_6 = "2000::/3";

  private static final List<String> CLOSED_6 =
      List.of("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20");

  private record Block(byte[] start, int bits) {

    static Block of(String text) {
      String[] parts = text.split("/", 2);
      try {
        return new Block(InetAddress.getByName(parts[0]).getAddress(), Integer.parseInt(parts[1]));
      } catch (UnknownHostException e) {
        throw new IllegalStateException(e);
      }
    }

    boolean contains(byte[] address) {
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> (bit % 8);
        if ((address[bit / 8] & mask) != (start[bit / 8] & mask)) {
          return false;
        }
      }
      return true;
    }
  }

  private static final List<Block> CLOSED_4_BLOCKS = CLOSED_4.stream().map(Block::of).toList();
  private static final List<Block> CLOSED_6_BLOCKS = CLOSED_6.stream().map(Block::of).toList();
  private static final Block OPEN_6_BLOCK = Block.of(OPEN_6);

  private final Set<String> allowedHosts;

  /**
   * @param allowedHosts names that may mean any address, and plain http on loopback
   */
  AddressGuard(Set<String> allowedHosts) {
    this.allowedHosts = allowedHosts;
  }

  /** Why a connection is not made. */
  static final class Closed extends Exception {

    private static final long serialVersionUID = 1;

    Closed(String message) {
      super(message, null, false, false);
    }
  }

  /**
   * The one address to connect to.
   *
   * @param addresses all that the host means now
   * @throws Closed if one of them is not open to customers
   */
  InetAddress choose(String host, boolean tls, InetAddress... addresses) throws Closed {
    boolean allowed = allowedHosts.contains(host.toLowerCase(Locale.ROOT));
    List<InetAddress> found = new ArrayList<>(List.of(addresses));
    for (InetAddress address : found) {
      if (!allowed && !isOpen(address)) {
        throw new Closed(host + " is " + address.getHostAddress() + ", which is not public");
      }
      if (!tls && !(allowed && address.isLoopbackAddress())) {
        throw new Closed(host + " must be asked by https");
      }
    }
    if (found.isEmpty()) {
      throw new Closed(host + " has no address");
    }
    return found.get(0);
  }

  /** Whether it is an address of the open Internet. */
  static boolean isOpen(InetAddress address) {
    byte[] bytes = address.getAddress();
    return address instanceof Inet4Address
        ? CLOSED_4_BLOCKS.stream().noneMatch(block -> block.contains(bytes))
        : OPEN_6_BLOCK.contains(bytes)
            && CLOSED_6_BLOCKS.stream().noneMatch(block -> block.contains(bytes));
  }
}
