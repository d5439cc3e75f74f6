#include "stream.h"

#include <set>

#include "context.h"

namespace software {
namespace {

std::set<Stream *> &streams() {
  static std::set<Stream *> all;
  return all;
}

std::set<Event *> &events() {
  static std::set<Event *> all;
  return all;
}

// A stand-in for the thread's identity.
const void *thisThread() {
  static thread_local char here;
  return &here;
}

CUresult runFirst(Stream *stream) {
  Work work = std::move(stream->pending.front());
  stream->pending.pop_front();
  CUresult result = stickyError(stream->context);
  if (!result) {
    result = work();
    if (result) {
      setStickyError(stream->context, result);
    }
  }
  return result;
}

}  // namespace

bool isStream(const void *handle) {
  return streams().count(static_cast<Stream *>(const_cast<void *>(handle))) != 0;
}

bool isEvent(const void *handle) { return events().count(static_cast<Event *>(const_cast<void *>(handle))) != 0; }

Stream *newStream(int context) {
  auto *stream = new Stream{context, {}, nullptr};
  streams().insert(stream);
  return stream;
}

Event *newEvent(int context) {
  auto *event = new Event{context};
  events().insert(event);
  return event;
}

CUresult destroyStream(Stream *stream) {
  CUresult result = drain(stream);
  streams().erase(stream);
  for (Event *event : events()) {
    if (event->stream == stream) {
      event->stream = nullptr;
      event->completed = true;
    }
  }
  delete stream;
  return result;
}

void destroyEvent(Event *event) {
  // Work that still names the event must not find it gone.
  drainContext(event->context);
  events().erase(event);
  delete event;
}

CUresult drain(Stream *stream) {
  if (!stream) {
    return drainContext(currentContext());
  }
  CUresult result = CUDA_SUCCESS;
  while (!stream->pending.empty()) {
    if (CUresult one = runFirst(stream)) {
      result = one;
    }
  }
  return result ? result : stickyError(stream->context);
}

CUresult drainContext(int context) {
  for (Stream *stream : std::set<Stream *>(streams())) {
    if (stream->context == context) {
      drain(stream);
    }
  }
  return stickyError(context);
}

CUresult step(Stream *stream) {
  if (!stream->pending.empty()) {
    if (CUresult result = runFirst(stream)) {
      return result;
    }
  }
  return stream->pending.empty() ? CUDA_SUCCESS : CUDA_ERROR_NOT_READY;
}

CUresult enqueue(void *handle, Work work) {
  if (!handle) {
    int context = currentContext();
    if (CUresult result = drainContext(context)) {
      return result;
    }
    CUresult result = work();
    if (result) {
      setStickyError(context, result);
    }
    return result;
  }
  if (!isStream(handle)) {
    return CUDA_ERROR_INVALID_HANDLE;
  }
  auto *stream = static_cast<Stream *>(handle);
  if (stream->capture) {
    stream->capture->nodes.push_back(std::move(work));
  } else {
    stream->pending.push_back(std::move(work));
  }
  return CUDA_SUCCESS;
}

CUresult record(Event *event, Stream *stream) {
  if (stream && stream->capture) {
    return enqueue(stream, [] { return CUDA_SUCCESS; });
  }
  event->recorded = true;
  event->completed = false;
  event->stream = stream;
  return enqueue(stream, [event]() -> CUresult {
    event->completed = true;
    event->time = std::chrono::steady_clock::now();
    return CUDA_SUCCESS;
  });
}

CUresult synchronize(Event *event) {
  while (!event->completed && event->stream && !event->stream->pending.empty()) {
    runFirst(event->stream);
  }
  return stickyError(event->context);
}

CUresult wait(Stream *stream, Event *event) {
  return enqueue(stream, [event]() -> CUresult { return isEvent(event) ? synchronize(event) : CUDA_SUCCESS; });
}

CUresult refusedWhileCapturing(int context) {
  for (Stream *stream : streams()) {
    bool concerned = stream->mode == CaptureMode::Global ||
                     (stream->mode == CaptureMode::ThreadLocal && stream->capturer == thisThread());
    if (stream->capture && stream->context == context && concerned) {
      stream->captureInvalid = true;
      return CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
    }
  }
  return CUDA_SUCCESS;
}

CUresult beginCapture(Stream *stream, CaptureMode mode) {
  stream->capture = std::make_unique<Graph>();
  stream->mode = mode;
  stream->captureInvalid = false;
  stream->capturer = thisThread();
  return CUDA_SUCCESS;
}

CUresult endCapture(Stream *stream, Graph **graph) {
  *graph = nullptr;
  if (!stream->capture) {
    return CUDA_ERROR_INVALID_VALUE;
  }
  if (stream->mode != CaptureMode::Relaxed && stream->capturer != thisThread()) {
    return CUDA_ERROR_STREAM_CAPTURE_WRONG_THREAD;
  }
  std::unique_ptr<Graph> captured = std::move(stream->capture);
  if (stream->captureInvalid) {
    return CUDA_ERROR_STREAM_CAPTURE_INVALIDATED;
  }
  *graph = captured.release();
  return CUDA_SUCCESS;
}

int liveStreams(int context) {
  int count = 0;
  for (Stream *stream : streams()) {
    count += stream->context == context;
  }
  return count;
}

int liveEvents(int context) {
  int count = 0;
  for (Event *event : events()) {
    count += event->context == context;
  }
  return count;
}

int destroyAll(int context) {
  int count = 0;
  for (Stream *stream : std::set<Stream *>(streams())) {
    if (stream->context == context) {
      stream->pending.clear();
      destroyStream(stream);
      count++;
    }
  }
  for (Event *event : std::set<Event *>(events())) {
    if (event->context == context) {
      destroyEvent(event);
      count++;
    }
  }
  return count;
}

}  // namespace software
