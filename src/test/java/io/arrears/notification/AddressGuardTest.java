package io.arrears.notification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Customers name the URLs of webhooks: what must not be reached through us. */
class AddressGuardTest {

  private static final AddressGuard GUARD = new AddressGuard(Set.of());

  private static InetAddress address(String text) throws Exception {
    return InetAddress.getByName(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.168.1.1",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::a00:1",
        "fe80::1",
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
        "2001::1",
        "2001:db8::1",
        "2002:a00:1::1"
      })
  void anAddressThatIsNotPublicIsRefused(String text) throws Exception {
    InetAddress address = address(text);

    assertThrows(AddressGuard.Closed.class, () -> GUARD.choose("a.example", true, address));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "100.63.255.255",
        "100.128.0.1",
        "172.15.0.1",
        "172.32.0.1",
        "192.169.0.1",
        "223.255.255.255",
        "2606:4700::1111",
        "2a00:1450:4001::1"
      })
  void aPublicAddressIsConnectedTo(String text) throws Exception {
    assertEquals(address(text), GUARD.choose("a.example", true, address(text)));
  }

  @Test
  void oneAddressThatIsNotPublicIsEnoughToRefuse() throws Exception {
    InetAddress good = address("1.1.1.1");
    InetAddress bad = address("10.0.0.1");

    assertThrows(AddressGuard.Closed.class, () -> GUARD.choose("a.example", true, good, bad));
  }

  @Test
  void aHostThatIsAllowedByNameMayBeAnywhere() throws Exception {
    AddressGuard guard = new AddressGuard(Set.of("hooks.inside"));

    assertEquals(address("10.0.0.1"), guard.choose("Hooks.Inside", true, address("10.0.0.1")));
    assertThrows(
        AddressGuard.Closed.class,
        () -> guard.choose("other.inside", true, InetAddress.getByName("10.0.0.1")));
  }

  @Test
  void withoutTlsOnlyLoopbackIsAskedAndOnlyIfItIsAllowedByName() throws Exception {
    AddressGuard guard = new AddressGuard(Set.of("localhost", "hooks.inside"));
    InetAddress loopback = address("127.0.0.1");
    InetAddress inside = address("10.0.0.1");

    assertEquals(loopback, guard.choose("localhost", false, loopback));
    assertThrows(AddressGuard.Closed.class, () -> guard.choose("hooks.inside", false, inside));
    assertThrows(
        AddressGuard.Closed.class,
        () -> GUARD.choose("a.example", false, InetAddress.getByName("1.1.1.1")));
  }

  @Test
  void aHostWithoutAnAddressIsRefused() {
    assertThrows(AddressGuard.Closed.class, () -> GUARD.choose("a.example", true));
  }
}
