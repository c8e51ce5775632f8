package org.millrace.io.document;

import org.millrace.transforms.data.BadRecord;
import org.millrace.transforms.data.Document;

/** Receives what is read. */
interface ReadReceiver {

  void document(Document document);

  void bad(BadRecord bad);

  /** Comes last, once for each range. */
  void input(InputCount count);
}
