'use strict';
(function () {
  const data = JSON.parse(document.getElementById('chart-data').textContent);
  const darkQuery = window.matchMedia('(prefers-color-scheme: dark)');
  // Okabe and Ito's colours without the yellow, lightened for the dark page; shapes and dashes say the same again.
  const LIGHT = ['#0072b2', '#d55e00', '#009e73', '#b8579a', '#444444', '#2f9bd6', '#9a6a00'];
  const DARK = ['#56b4e9', '#f0863a', '#2fc79a', '#e08cc0', '#c8c8c8', '#9ad4f5', '#e6b23c'];
  const SYMBOLS = ['circle', 'rect', 'triangle', 'diamond', 'roundRect', 'pin', 'arrow'];
  const DASHES = ['solid', [7, 3], [2, 2], [7, 3, 2, 3], [12, 3], [4, 4], [1, 3]];
  const hidden = new Set(data.methods.flatMap((m, index) => m.shown ? [] : [index]));
  let charts = [];

  const color = i => (darkQuery.matches ? DARK : LIGHT)[i % LIGHT.length];
  const style = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const oneDigit = value => value.toFixed(1);

  function element(name, className, text) {
    const node = document.createElement(name);
    if (className) node.className = className;
    if (text !== undefined) node.textContent = text;
    return node;
  }

  /** A tooltip made of nodes: names from files become text, never markup. */
  function tooltip(title, rows) {
    const box = element('div');
    box.appendChild(element('b', '', title));
    for (const row of rows) {
      const line = element('div', '', row.text);
      line.style.color = row.color;
      box.appendChild(line);
    }
    return box;
  }

  function withInterval(point, unit) {
    const half = point.half === undefined ? '' : ' ± ' + oneDigit(point.half);
    return oneDigit(point.mean) + half + unit;
  }

  function addChart(parent, title, label, option, height) {
    const figure = element('figure');
    figure.appendChild(element('figcaption', '', title));
    const box = element('div', 'chart');
    box.setAttribute('role', 'img');
    box.setAttribute('aria-label', label);
    if (height) box.style.height = height + 'px';
    figure.appendChild(box);
    parent.appendChild(figure);
    const chart = echarts.init(box, null, {renderer: 'canvas'});
    chart.setOption(base(option));
    charts.push(chart);
  }

  function base(option) {
    const ink = style('--ink');
    const soft = style('--soft');
    const line = style('--line');
    const axis = {
      nameTextStyle: {color: soft},
      axisLabel: {color: soft},
      axisLine: {lineStyle: {color: line}},
      splitLine: {lineStyle: {color: line}}
    };
    const merge = own => Object.assign({}, axis, own, {axisLabel: Object.assign({}, axis.axisLabel, own.axisLabel)});
    return Object.assign({
      animation: false,
      backgroundColor: 'transparent',
      textStyle: {color: ink, fontFamily: 'system-ui, sans-serif'},
      grid: {left: 8, right: 16, top: 28, bottom: 28, containLabel: true}
    }, option, {
      xAxis: merge(option.xAxis),
      yAxis: merge(option.yAxis),
      tooltip: Object.assign({
        confine: true,
        backgroundColor: style('--panel'),
        borderColor: line,
        textStyle: {color: ink, fontSize: 12}
      }, option.tooltip)
    });
  }

  function visible(list) {
    return list.map((method, index) => ({method, index})).filter(entry => !hidden.has(entry.index));
  }

  function look(index) {
    return {
      color: color(index),
      symbol: SYMBOLS[index % SYMBOLS.length],
      lineStyle: {color: color(index), type: DASHES[index % DASHES.length], width: 2},
      itemStyle: {color: color(index)}
    };
  }

  function corruptionCharts() {
    const parent = document.getElementById('corruption-charts');
    const means = data.methods.flatMap(m => m.corruptions.map(c => c.mean).concat(m.full.mean));
    // One axis for all modalities, so that heights can be compared between the pictures.
    // Both ends lie on the grid of the labels, or the last label would stand at another distance.
    const step = Math.max(...means) - Math.min(...means) > 40 ? 20 : 10;
    const low = Math.max(0, Math.floor((Math.min(...means) - 1) / step) * step);
    const high = Math.min(100, Math.ceil((Math.max(...means) + 1) / step) * step);
    for (const modality of data.modalities) {
      const own = m => m.corruptions.filter(c => c.modality === modality);
      const levels = [...new Set(data.methods.flatMap(m => own(m).map(c => c.level)).filter(l => l !== undefined))].sort((a, b) => a - b);
      if (!data.methods.some(m => own(m).length)) continue;
      const categories = ['clean', ...levels.map(l => 'σ ' + l), 'shuffled'];
      const figures = m => [m.full, ...levels.map(l => own(m).find(c => c.level === l)), own(m).find(c => c.level === undefined)];
      const shown = visible(data.methods).filter(entry => own(entry.method).length);
      const series = shown.flatMap(({method, index}) => {
        const points = figures(method).map(f => f ? f.mean : null);
        const last = points.length - 1;
        return [
          Object.assign(look(index), {type: 'line', name: method.name, symbolSize: 8, data: points.map((p, i) => i === last ? null : p)}),
          // Shuffling is no further step of noise: its point stands alone.
          Object.assign(look(index), {type: 'scatter', name: method.name, symbolSize: 10, data: points.map((p, i) => i === last ? p : null)})
        ];
      });
      addChart(parent, modality, 'Accuracy under corruption of ' + modality + '; numbers in the table below', {
        xAxis: {type: 'category', data: categories, axisLabel: {interval: 0, hideOverlap: false}},
        yAxis: {type: 'value', name: 'accuracy, %', min: low, max: high, interval: step, nameTextStyle: {align: 'left', color: style('--soft')}},
        tooltip: {
          trigger: 'axis',
          formatter: items => tooltip(modality + ', ' + categories[items[0].dataIndex], shown
            .filter(({method}) => figures(method)[items[0].dataIndex])
            .map(({method, index}) => ({text: method.name + ': ' + withInterval(figures(method)[items[0].dataIndex], ' %'), color: color(index)})))
        },
        series
      });
    }
  }

  function trainingCharts() {
    const parent = document.getElementById('training-charts');
    const kinds = [['Training loss', "method's own loss", 1], ['Validation cross-entropy', 'nats', 2]];
    for (const [title, unit, column] of kinds) {
      const shown = visible(data.methods).filter(({method}) => method.curve.some(p => p[column] !== null));
      if (!data.methods.some(m => m.curve.some(p => p[column] !== null))) continue;
      addChart(parent, title, title + ' per epoch; numbers in the table below', {
        xAxis: {type: 'value', name: 'epoch', nameLocation: 'middle', nameGap: 26, min: 'dataMin', max: 'dataMax', minInterval: 1},
        yAxis: {type: 'value', name: unit, scale: true, nameTextStyle: {align: 'left', color: style('--soft')}},
        grid: {left: 8, right: 16, top: 28, bottom: 32, containLabel: true},
        tooltip: {
          trigger: 'axis',
          formatter: items => tooltip('epoch ' + items[0].value[0],
            items.map(item => ({text: item.seriesName + ': ' + item.value[1].toPrecision(3), color: item.color})))
        },
        series: shown.map(({method, index}) => Object.assign(look(index), {
          type: 'line', name: method.name, showSymbol: false,
          data: method.curve.filter(p => p[column] !== null).map(p => [p[0], p[column]])
        }))
      });
    }
  }

  function ceilingChart() {
    const parent = document.getElementById('ceiling-charts');
    if (!parent) return;
    const patterns = [...new Set(data.methods.flatMap(m => m.gaps.map(g => g.pattern)))];
    const shown = visible(data.methods);
    const series = shown.flatMap(({method, index}, position) => {
      // Methods of one pattern stand in lanes, or their intervals would hide each other.
      const lane = shown.length > 1 ? (position / (shown.length - 1) - 0.5) * 0.6 : 0;
      const at = g => patterns.indexOf(g.pattern) + lane;
      const bars = method.gaps.filter(g => g.half !== undefined)
        .flatMap(g => [[g.mean - g.half, at(g)], [g.mean + g.half, at(g)], ['-', '-']]);
      return [
        {type: 'line', data: bars, showSymbol: false, silent: true, lineStyle: {color: color(index), width: 1.5}, tooltip: {show: false}},
        Object.assign(look(index), {
          type: 'scatter', name: method.name, symbolSize: 7, z: 3,
          data: method.gaps.map(g => ({value: [g.mean, at(g)], gap: g}))
        })
      ];
    });
    // containLabel forgets the alignment of labels that are cut, so the room for them is measured here.
    const widest = parent.clientWidth < 480 ? 110 : 320;
    const pen = document.createElement('canvas').getContext('2d');
    pen.font = '12px system-ui, sans-serif';
    const room = Math.min(widest, Math.ceil(Math.max(0, ...patterns.map(p => pen.measureText(p).width))) + 4);
    addChart(parent, 'Accuracy minus ceiling, percentage points', 'Gap to the ceiling per pattern; numbers in the first view of the table of patterns', {
      grid: {left: room + 12, right: 24, top: 8, bottom: 44, containLabel: false},
      xAxis: {type: 'value', name: 'points', nameLocation: 'middle', nameGap: 26, max: value => Math.max(0.5, Math.ceil(value.max)), axisLabel: {formatter: x => Number.isInteger(x) ? String(x) : ''}},
      yAxis: {
        type: 'value', inverse: true, min: -1, max: patterns.length, interval: 1,
        axisTick: {show: false}, axisLine: {show: false},
        axisLabel: {formatter: y => patterns[y] || '', width: room, overflow: 'truncate', verticalAlign: 'middle'}
      },
      tooltip: {
        trigger: 'item',
        formatter: item => tooltip(item.data.gap.pattern, [{text: item.seriesName + ': ' + withInterval(item.data.gap, ' points'), color: item.color}])
      },
      series
    }, 60 + patterns.length * Math.max(28, shown.length * 8));
  }

  function legends() {
    for (const legend of document.querySelectorAll('.legend')) {
      legend.replaceChildren();
      data.methods.forEach((method, index) => {
        const button = element('button');
        button.type = 'button';
        button.setAttribute('aria-pressed', String(!hidden.has(index)));
        button.appendChild(swatch(index));
        button.appendChild(element('span', '', method.name));
        button.addEventListener('click', () => {
          if (!hidden.delete(index)) hidden.add(index);
          draw();
          legend.children[index].focus();
        });
        legend.appendChild(button);
      });
    }
  }

  function swatch(index) {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    svg.setAttribute('width', '26');
    svg.setAttribute('height', '10');
    const line = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    line.setAttribute('d', 'M0 5H26');
    line.setAttribute('stroke', color(index));
    line.setAttribute('stroke-width', '3');
    const dash = DASHES[index % DASHES.length];
    if (dash !== 'solid') line.setAttribute('stroke-dasharray', dash.join(' '));
    svg.appendChild(line);
    return svg;
  }

  function draw() {
    charts.forEach(chart => chart.dispose());
    charts = [];
    document.querySelectorAll('.charts').forEach(node => node.replaceChildren());
    legends();
    ceilingChart();
    corruptionCharts();
    trainingCharts();
    // A chart is measured when it is made; those made after it narrow its column.
    charts.forEach(chart => chart.resize());
  }

  draw();
  darkQuery.addEventListener('change', draw);
  // The width alone counts: drawing changes the height.
  const main = document.querySelector('main');
  let width = main.clientWidth;
  new ResizeObserver(() => {
    if (main.clientWidth !== width) {
      width = main.clientWidth;
      draw();
    }
  }).observe(main);
})();
