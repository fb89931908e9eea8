// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import dev.kith.Waitable.Registration;
import dev.kith.blocking.Descriptor;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The notifications that a handle has asked for and that end with it. */
final class QueueNotices {
    private final String what;
    private final Descriptor queue;
    private final Set<QueueNotice> open = ConcurrentHashMap.newKeySet();

    QueueNotices(String what, Descriptor queue) {
        this.what = what;
        this.queue = queue;
    }

    Registration register(Runnable callback, boolean again) {
        QueueNotice notice = new QueueNotice(what, queue, callback, again, open::remove);
        open.add(notice);
        try {
            notice.start();
        } catch (RuntimeException failed) {
            notice.close();
            throw failed;
        }
        return notice;
    }

    void close() {
        open.forEach(QueueNotice::close);
    }
}
