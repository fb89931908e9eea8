// SPDX-License-Identifier: Apache-2.0
package dev.kith.channel;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/**
 * The mechanisms that are there, by scheme: Kith's own loader first, then the context class loader.
 */
public final class Transports {
    private static final Map<String, Transport> OWN = load(Transports.class.getClassLoader());

    private Transports() {}

    /**
     * Every mechanism, in the order of declaration.
     *
     * @return the transports, one a scheme
     */
    public static List<Transport> all() {
        Map<String, Transport> all = new LinkedHashMap<>(OWN);
        for (Map.Entry<String, Transport> added : ofContext().entrySet()) {
            all.putIfAbsent(added.getKey(), added.getValue());
        }
        return new ArrayList<>(all.values());
    }

    /**
     * The mechanism of an address, whose options are checked.
     *
     * @param address any
     * @return its transport
     * @throws IllegalArgumentException if the scheme or an option is not known; names those that
     *     are
     */
    public static Transport of(Address address) {
        Transport transport = OWN.get(address.scheme());
        if (transport == null) {
            transport = ofContext().get(address.scheme());
        }
        if (transport == null) {
            throw new IllegalArgumentException(
                    address
                            + ": no scheme "
                            + address.scheme()
                            + ": known are "
                            + String.join(
                                    " ", all().stream().map(each -> each.scheme() + ":").toList()));
        }
        for (String option : address.options().keySet()) {
            if (!transport.options().containsKey(option)) {
                throw new IllegalArgumentException(
                        address
                                + ": no option "
                                + option
                                + " on "
                                + address.scheme()
                                + ": known are "
                                + (transport.options().isEmpty()
                                        ? "none"
                                        : String.join(" ", transport.options().keySet())));
            }
        }
        return transport;
    }

    private static Map<String, Transport> ofContext() {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        return context == null || context == Transports.class.getClassLoader()
                ? Map.of()
                : load(context);
    }

    private static Map<String, Transport> load(ClassLoader loader) {
        Map<String, Transport> found = new LinkedHashMap<>();
        for (Transport transport : ServiceLoader.load(Transport.class, loader)) {
            found.putIfAbsent(transport.scheme(), transport);
        }
        return found;
    }
}
