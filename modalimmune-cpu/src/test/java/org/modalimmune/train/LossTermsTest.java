package org.modalimmune.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.modalimmune.autodiff.Elementwise;
import org.modalimmune.autodiff.Gradients;
import org.modalimmune.autodiff.Tape;
import org.modalimmune.autodiff.Variable;
import org.modalimmune.collapse.CollapseLossOptions;
import org.modalimmune.evaluate.PresencePattern;
import org.modalimmune.nn.Parameter;
import org.modalimmune.nn.Pass;
import org.modalimmune.random.RandomKey;
import org.modalimmune.tensor.DType;
import org.modalimmune.tensor.Shape;

/** The terms of the immune method's loss, one by one. */
class LossTermsTest {
  private static final ModelOptions SIZES = new ModelOptions(4, 3, 4, 2, 0, DType.FLOAT64);
  private static final RandomKey KEY = RandomKey.of(8);

  private ImmuneFixture f;
  private Tape tape;
  private Batch batch;

  @BeforeEach
  void open() {
    f =
        new ImmuneFixture(
            "reference", SIZES, new int[] {3, 2}, 12, ImmuneOptions.defaults(), 0.01, 1);
    tape = new Tape(f.backend);
    batch = new Batch(tape, f.rows, f.allRows(), ImmuneFixture.CLASSES);
  }

  @AfterEach
  void close() {
    tape.close();
    f.close();
  }

  private List<Variable> projected() {
    List<Variable> projected = new ArrayList<>();
    for (int m = 0; m < 2; m++) {
      projected.add(f.model.project(m, batch.features(m), Pass.inference()));
    }
    return projected;
  }

  private static List<PresencePattern> incomplete(int modalities) {
    return PresencePattern.all(modalities).stream().filter(p -> !p.isFull()).toList();
  }

  @Test
  void theFirstPresentationIsFullAndTheOthersAreTheDrawnPatterns() {
    List<PresencePattern> arms = incomplete(2);
    PatternDraw draw = PatternDraw.of(batch, arms, 3, new double[] {0.25, 0.75}, KEY);
    int[] counts = new int[2];
    for (int i = 0; i < batch.size(); i++) {
      assertEquals(3, draw.masks().get(i, 0));
      for (int r = 0; r < 3; r++) {
        int arm = draw.arms()[i * 3 + r];
        counts[arm]++;
        assertEquals(arms.get(arm).mask(), draw.masks().get(i, 1 + r));
      }
    }
    assertTrue(counts[0] > 0 && counts[1] > counts[0], Arrays.toString(counts));
    int[] sure = PatternDraw.of(batch, arms, 3, new double[] {0, 1}, KEY).arms();
    assertEquals(36, Arrays.stream(sure).sum());
    assertArrayEquals(
        draw.arms(), PatternDraw.of(batch, arms, 3, new double[] {0.25, 0.75}, KEY).arms());
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void patternWeightsAverageToOneOverTheDraw(int modalities) {
    List<PresencePattern> arms = incomplete(modalities);
    // two modalities have 2 patterns; four have 14, still one weight each
    MetaParameters meta =
        new MetaParameters(f.scope, DType.FLOAT64, EnumSet.of(MetaGroup.PATTERNS));
    PatternWeights weights = new PatternWeights(arms, meta);
    assertEquals(arms.size(), meta.moving().size());
    requireNormalised(arms, meta, weights, k -> k);
  }

  @Test
  void manyPatternsShareAWeightBySize() {
    List<PresencePattern> arms = incomplete(5);
    MetaParameters meta =
        new MetaParameters(f.scope, DType.FLOAT64, EnumSet.of(MetaGroup.PATTERNS));
    PatternWeights weights = new PatternWeights(arms, meta);
    assertEquals(
        List.of(
            "weight.pattern.1-present",
            "weight.pattern.2-present",
            "weight.pattern.3-present",
            "weight.pattern.4-present"),
        meta.moving().stream().map(MetaParameter::name).toList());
    requireNormalised(arms, meta, weights, k -> arms.get(k).size() - 1);
  }

  private void requireNormalised(
      List<PresencePattern> arms,
      MetaParameters meta,
      PatternWeights weights,
      IntUnaryOperator weightOf) {
    int n = arms.size();
    double[] q = new double[n];
    double sum = 0;
    for (int k = 0; k < n; k++) {
      q[k] = 1 + k % 3;
      sum += q[k];
    }
    for (int k = 0; k < n; k++) {
      q[k] /= sum;
    }
    for (int w = 0; w < meta.moving().size(); w++) {
      meta.moving().get(w).move(0.3 * w - 0.5);
    }
    double mean = 0;
    for (int k = 0; k < n; k++) {
      mean += q[k] * meta.moving().get(weightOf.applyAsInt(k)).value();
    }
    int[] drawn = new int[12];
    Arrays.setAll(drawn, i -> i % n);
    PatternDraw draw = new PatternDraw(new PresenceMasks(batch, 2), drawn, 1);
    Variable ones = tape.constant(tape.ops().full(1, DType.FLOAT64, Shape.of(12, 1, 3)));
    double[] weighed = weights.weigh(ones, draw, q).tensor().toDoubleArray();
    for (int i = 0; i < 12; i++) {
      double expected = meta.moving().get(weightOf.applyAsInt(i % n)).value() / mean;
      for (int c = 0; c < 3; c++) {
        assertEquals(expected, weighed[i * 3 + c], 1e-14);
      }
    }
  }

  @Test
  void patternsThatDoNotMoveLeaveTheTargetAlone() {
    MetaParameters meta = new MetaParameters(f.scope, DType.FLOAT64, Set.of());
    PatternWeights weights = new PatternWeights(incomplete(2), meta);
    Variable target = tape.constant(tape.ops().full(1, DType.FLOAT64, Shape.of(12, 1, 3)));
    PatternDraw draw = new PatternDraw(new PresenceMasks(batch, 2), new int[12], 1);
    assertEquals(target, weights.weigh(target, draw, new double[] {0.5, 0.5}));
    assertTrue(meta.moving().isEmpty());
  }

  @Test
  void noiseOfZeroIsTheFeaturesThemselves() {
    ImmuneOptions silent = withNoise(new ImmuneOptions.Noise(0, 0));
    MetaParameters meta = new MetaParameters(f.scope, DType.FLOAT64, Set.of(MetaGroup.NOISE));
    InputNoise noise = new InputNoise(silent, context(), meta);
    assertEquals(batch.features(0), noise.perturbed(batch, 0, KEY));
    assertTrue(meta.moving().isEmpty());
  }

  @Test
  void noiseHasALevelPerModalityAndKind() {
    MetaParameters meta = new MetaParameters(f.scope, DType.FLOAT64, Set.of(MetaGroup.NOISE));
    InputNoise noise = new InputNoise(withNoise(new ImmuneOptions.Noise(0.3, 0)), context(), meta);
    assertEquals(Set.of("noise.isotropic.m0", "noise.isotropic.m1"), meta.values().keySet());
    double[] x = batch.features(1).tensor().toDoubleArray();
    double[] once = noise.perturbed(batch, 1, KEY).tensor().toDoubleArray();
    meta.moving().get(1).move(Math.log(2));
    meta.moving().get(0).move(1);
    double[] twice = noise.perturbed(batch, 1, KEY).tensor().toDoubleArray();
    for (int i = 0; i < x.length; i++) {
      assertEquals(2 * (once[i] - x[i]), twice[i] - x[i], 1e-14);
      assertTrue(once[i] != x[i]);
    }
  }

  private static ImmuneOptions withNoise(ImmuneOptions.Noise noise) {
    ImmuneOptions d = ImmuneOptions.defaults();
    return new ImmuneOptions(
        noise,
        d.weights(),
        6,
        1,
        d.interventions(),
        d.controller(),
        d.masking(),
        d.hyperGradient());
  }

  private ObjectiveFactory.Context context() {
    return new ObjectiveFactory.Context(
        f.backend.ops(f.scope),
        List.of("m0", "m1"),
        List.of(f.rows.features(0), f.rows.features(1)),
        f.rows.labels(),
        ImmuneFixture.CLASSES,
        PresencePattern.all(2),
        100);
  }

  @ParameterizedTest
  @EnumSource(InterventionKind.class)
  void theSilentTermCollapsesWhatTheFirstDrawLacksAndNothingElse(InterventionKind kind) {
    List<PresencePattern> arms = incomplete(2);
    int kept = 1;
    MetaParameters meta = new MetaParameters(f.scope, DType.FLOAT64, Set.of(MetaGroup.SEVERITY));
    SilentTerm term =
        new SilentTerm(List.of(kind), meta.fraction(MetaGroup.SEVERITY, "severity", 0.5, 0.02));
    double[] only = new double[2];
    for (int k = 0; k < 2; k++) {
      only[k] = arms.get(k).mask() == 1L << kept ? 1 : 0;
    }
    PatternDraw draw = PatternDraw.of(batch, arms, 1, only, KEY);
    List<Variable> projected = projected();
    double[] logits = silent(term, projected, draw);
    assertFalse(Arrays.equals(plain(projected), logits));
    // at severity 0, or if the first draw lacks nothing, the model sees everything
    SilentTerm none = new SilentTerm(List.of(kind), t -> t.constant(0, DType.FLOAT64));
    assertArrayEquals(plain(projected), silent(none, projected, draw), 1e-15);
    PresenceMasks full = new PresenceMasks(batch, 2);
    for (int i = 0; i < batch.size(); i++) {
      full.set(i, 0, 3);
      full.set(i, 1, 3);
    }
    SilentTerm.Term untouched = term.of(f.model, batch, projected, full, Pass.training(KEY), KEY);
    assertArrayEquals(plain(projected), untouched.logits().tensor().toDoubleArray(), 1e-15);
    // the severity has a derivative
    Variable loss =
        term.of(f.model, batch, projected, draw.masks(), Pass.training(KEY), KEY).loss();
    Variable u = meta.moving().getFirst().leaf(tape);
    assertTrue(Gradients.of(loss, List.of(u)).getFirst().tensor().item() != 0);
  }

  private double[] silent(SilentTerm term, List<Variable> projected, PatternDraw draw) {
    return term.of(f.model, batch, projected, draw.masks(), Pass.training(KEY), KEY)
        .logits()
        .tensor()
        .toDoubleArray();
  }

  private double[] plain(List<Variable> projected) {
    PresenceMasks all = new PresenceMasks(batch, 1);
    for (int i = 0; i < batch.size(); i++) {
      all.set(i, 0, 3);
    }
    Variable told = all.toVariable();
    return f.model.logits(f.model.fuse(projected, told, told)).tensor().toDoubleArray();
  }

  @Test
  void theCollapseTermNeedsAReferenceAndCountsAStepOnce() {
    CollapseTerm term = new CollapseTerm(2, CollapseLossOptions.defaults());
    List<Variable> projected = projected();
    assertEquals(0, term.of(projected, 1, 1, KEY.fold(1)).tensor().item());
    double pressed = term.of(projected, 2, 1, KEY.fold(2)).tensor().item();
    assertTrue(pressed > 0);
    // the same step again gives the same bits, and leaves the next one as it was
    CollapseTerm once = new CollapseTerm(2, CollapseLossOptions.defaults());
    once.of(projected, 1, 1, KEY.fold(1));
    once.of(projected, 2, 1, KEY.fold(2));
    for (int k = 0; k < 3; k++) {
      assertEquals(pressed, term.of(projected, 2, 1, KEY.fold(2)).tensor().item());
    }
    List<Variable> other = projected.stream().map(Elementwise::tanh).toList();
    assertEquals(
        once.of(other, 1, 1, KEY.fold(3)).tensor().item(),
        term.of(other, 1, 1, KEY.fold(3)).tensor().item());
    assertEquals(0, term.of(other, 3, 1, KEY.fold(4)).tensor().item());
  }

  @Test
  void guardedAndDestructiveAddUpToTheTotal() {
    Variable total = tape.leaf(tape.scope().of(DType.FLOAT64, Shape.of(), new double[] {3}));
    Variable guarded = tape.leaf(tape.scope().of(DType.FLOAT64, Shape.of(), new double[] {1.25}));
    assertEquals(
        1.75,
        new StepLoss(total, Optional.of(new GuardedLoss(guarded, guarded)), List.of())
            .destructive()
            .orElseThrow()
            .tensor()
            .item());
    assertTrue(StepLoss.of(total).destructive().isEmpty());
    StepLoss loss = f.objective.loss(f.model, batch, KEY);
    assertEquals(2, loss.outputs().size());
    // nothing is guarded unless gradients are masked
    assertTrue(loss.guarded().isEmpty());
  }

  @Test
  void theHeldOutGradientIsThatOfDifferences() {
    List<Parameter> theta = f.model.predictiveParameters();
    double[] g = f.heldOut.gradientOfMean(theta);
    double[] at = ImmuneFixture.flat(theta);
    assertEquals(at.length, g.length);
    double h = 0x1p-17;
    for (int j = 0; j < at.length; j += 3) {
      double[] moved = at.clone();
      moved[j] += h;
      ImmuneFixture.set(theta, moved);
      double up = f.meanHeldOut();
      moved[j] = at[j] - h;
      ImmuneFixture.set(theta, moved);
      double down = f.meanHeldOut();
      // h^2 / 6 and 2^-53 / h are below 2e-11
      assertEquals((up - down) / (2 * h), g[j], 1e-9, "element " + j);
    }
    ImmuneFixture.set(theta, at);
  }
}
