// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;

/**
 * The views of a {@link SharedMap}: its entries, keys and values, as they are when they are asked
 * for.
 */
final class MapView<K, V> extends AbstractMap<K, V> {
    private final SharedMap<K, V> map;

    MapView(SharedMap<K, V> map) {
        this.map = map;
    }

    @Override
    public int size() {
        return map.size();
    }

    @Override
    public V get(Object key) {
        return map.get(key);
    }

    @Override
    public boolean containsKey(Object key) {
        return map.containsKey(key);
    }

    @Override
    public V put(K key, V value) {
        return map.put(key, value);
    }

    @Override
    public V remove(Object key) {
        return map.remove(key);
    }

    @Override
    public void clear() {
        map.clear();
    }

    @Override
    public Set<Map.Entry<K, V>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Map.Entry<K, V>> iterator() {
                return new Entries();
            }

            @Override
            public int size() {
                return map.size();
            }

            @Override
            public void clear() {
                map.clear();
            }

            @Override
            public boolean remove(Object entry) {
                return entry instanceof Map.Entry<?, ?> found
                        && map.remove(found.getKey(), found.getValue());
            }
        };
    }

    /** One bucket after the other, each as it is when it is come to. */
    private final class Entries implements Iterator<Map.Entry<K, V>> {
        private int bucket;
        private Iterator<Map.Entry<K, V>> rest = List.<Map.Entry<K, V>>of().iterator();
        private K last;

        @Override
        public boolean hasNext() {
            while (!rest.hasNext() && bucket < map.buckets()) {
                rest = map.bucket(bucket++).iterator();
            }
            return rest.hasNext();
        }

        @Override
        public Map.Entry<K, V> next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Map.Entry<K, V> next = rest.next();
            last = next.getKey();
            return new Written(next);
        }

        @Override
        public void remove() {
            if (last == null) {
                throw new IllegalStateException("nothing to remove: call next() first");
            }
            map.remove(last);
            last = null;
        }
    }

    /** An entry that writes through. */
    private final class Written extends SimpleEntry<K, V> {
        private static final long serialVersionUID = 1L;

        Written(Map.Entry<K, V> entry) {
            super(entry);
        }

        @Override
        public V setValue(V value) {
            map.put(getKey(), value);
            return super.setValue(value);
        }
    }
}
