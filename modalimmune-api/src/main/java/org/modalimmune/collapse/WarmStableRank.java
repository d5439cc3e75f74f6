package org.modalimmune.collapse;

import java.util.Optional;
import org.modalimmune.autodiff.Variable;

/**
 * A {@link StableRank} that starts each iteration from the leading direction of the last embedding
 * of that width: for a training loop, where it turns slowly. Results differ from those of a cold
 * start within the tolerance, so that a run is reproducible from its beginning, or from a state
 * with the same {@link #direction()}. For one thread at a time.
 */
public final class WarmStableRank implements RankMeasure {
  private final StableRank rank;
  private Optional<double[]> last;

  /** Starts cold. */
  public WarmStableRank(StableRank rank) {
    this.rank = rank;
    this.last = Optional.empty();
  }

  /** Starts from a direction that was saved. */
  public WarmStableRank(StableRank rank, double[] direction) {
    this.rank = rank;
    this.last = Optional.of(direction.clone());
  }

  @Override
  public Variable of(Variable embedding) {
    return analyse(embedding).rank();
  }

  /** Rank, accuracy and leading direction; parameters and errors as {@link StableRank#analyse}. */
  public StableRankResult analyse(Variable embedding) {
    int rank = embedding.shape().rank();
    long width = rank == 0 ? 0 : embedding.shape().dim(-1);
    StableRankResult result =
        last.filter(v -> v.length == width)
            .map(v -> this.rank.analyse(embedding, v))
            .orElseGet(() -> this.rank.analyse(embedding));
    last = Optional.of(result.direction());
    return result;
  }

  /** Leading direction of the last embedding, [d]; empty at the start. */
  public Optional<double[]> direction() {
    return last.map(double[]::clone);
  }
}
