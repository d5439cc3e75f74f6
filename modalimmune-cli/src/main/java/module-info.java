/** The program {@code modalimmune}. */
module org.modalimmune.cli {
  requires info.picocli;
  requires jdk.management;
  requires me.tongfei.progressbar;
  requires org.modalimmune.api;
  requires tools.jackson.databind;

  opens org.modalimmune.cli to
      info.picocli;
}
