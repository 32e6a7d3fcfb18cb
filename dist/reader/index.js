import { createRequire as __WEBPACK_EXTERNAL_createRequire } from "module";
/******/ var __webpack_modules__ = ({

/***/ 313:
/***/ ((module) => {

module.exports = Pend;

function Pend() {
  this.pending = 0;
  this.max = Infinity;
  this.listeners = [];
  this.waiting = [];
  this.error = null;
}

Pend.prototype.go = function(fn) {
  if (this.pending < this.max) {
    pendGo(this, fn);
  } else {
    this.waiting.push(fn);
  }
};

Pend.prototype.wait = function(cb) {
  if (this.pending === 0) {
    cb(this.error);
  } else {
    this.listeners.push(cb);
  }
};

Pend.prototype.hold = function() {
  return pendHold(this);
};

function pendHold(self) {
  self.pending += 1;
  var called = false;
  return onCb;
  function onCb(err) {
    if (called) throw new Error("callback called twice");
    called = true;
    self.error = self.error || err;
    self.pending -= 1;
    if (self.waiting.length > 0 && self.pending < self.max) {
      pendGo(self, self.waiting.shift());
    } else if (self.pending === 0) {
      var listeners = self.listeners;
      self.listeners = [];
      listeners.forEach(cbListener);
    }
  }
  function cbListener(listener) {
    listener(self.error);
  }
}

function pendGo(self, fn) {
  fn(pendHold(self));
}


/***/ }),

/***/ 248:
/***/ ((module) => {

// Adapted from https://github.com/brianloveswords/buffer-crc32/blob/v0.2.13/index.js
const CRC_TABLE = new Int32Array([
  0x00000000, 0x77073096, 0xee0e612c, 0x990951ba, 0x076dc419, 0x706af48f, 0xe963a535, 0x9e6495a3,
  0x0edb8832, 0x79dcb8a4, 0xe0d5e91e, 0x97d2d988, 0x09b64c2b, 0x7eb17cbd, 0xe7b82d07, 0x90bf1d91,
  0x1db71064, 0x6ab020f2, 0xf3b97148, 0x84be41de, 0x1adad47d, 0x6ddde4eb, 0xf4d4b551, 0x83d385c7,
  0x136c9856, 0x646ba8c0, 0xfd62f97a, 0x8a65c9ec, 0x14015c4f, 0x63066cd9, 0xfa0f3d63, 0x8d080df5,
  0x3b6e20c8, 0x4c69105e, 0xd56041e4, 0xa2677172, 0x3c03e4d1, 0x4b04d447, 0xd20d85fd, 0xa50ab56b,
  0x35b5a8fa, 0x42b2986c, 0xdbbbc9d6, 0xacbcf940, 0x32d86ce3, 0x45df5c75, 0xdcd60dcf, 0xabd13d59,
  0x26d930ac, 0x51de003a, 0xc8d75180, 0xbfd06116, 0x21b4f4b5, 0x56b3c423, 0xcfba9599, 0xb8bda50f,
  0x2802b89e, 0x5f058808, 0xc60cd9b2, 0xb10be924, 0x2f6f7c87, 0x58684c11, 0xc1611dab, 0xb6662d3d,
  0x76dc4190, 0x01db7106, 0x98d220bc, 0xefd5102a, 0x71b18589, 0x06b6b51f, 0x9fbfe4a5, 0xe8b8d433,
  0x7807c9a2, 0x0f00f934, 0x9609a88e, 0xe10e9818, 0x7f6a0dbb, 0x086d3d2d, 0x91646c97, 0xe6635c01,
  0x6b6b51f4, 0x1c6c6162, 0x856530d8, 0xf262004e, 0x6c0695ed, 0x1b01a57b, 0x8208f4c1, 0xf50fc457,
  0x65b0d9c6, 0x12b7e950, 0x8bbeb8ea, 0xfcb9887c, 0x62dd1ddf, 0x15da2d49, 0x8cd37cf3, 0xfbd44c65,
  0x4db26158, 0x3ab551ce, 0xa3bc0074, 0xd4bb30e2, 0x4adfa541, 0x3dd895d7, 0xa4d1c46d, 0xd3d6f4fb,
  0x4369e96a, 0x346ed9fc, 0xad678846, 0xda60b8d0, 0x44042d73, 0x33031de5, 0xaa0a4c5f, 0xdd0d7cc9,
  0x5005713c, 0x270241aa, 0xbe0b1010, 0xc90c2086, 0x5768b525, 0x206f85b3, 0xb966d409, 0xce61e49f,
  0x5edef90e, 0x29d9c998, 0xb0d09822, 0xc7d7a8b4, 0x59b33d17, 0x2eb40d81, 0xb7bd5c3b, 0xc0ba6cad,
  0xedb88320, 0x9abfb3b6, 0x03b6e20c, 0x74b1d29a, 0xead54739, 0x9dd277af, 0x04db2615, 0x73dc1683,
  0xe3630b12, 0x94643b84, 0x0d6d6a3e, 0x7a6a5aa8, 0xe40ecf0b, 0x9309ff9d, 0x0a00ae27, 0x7d079eb1,
  0xf00f9344, 0x8708a3d2, 0x1e01f268, 0x6906c2fe, 0xf762575d, 0x806567cb, 0x196c3671, 0x6e6b06e7,
  0xfed41b76, 0x89d32be0, 0x10da7a5a, 0x67dd4acc, 0xf9b9df6f, 0x8ebeeff9, 0x17b7be43, 0x60b08ed5,
  0xd6d6a3e8, 0xa1d1937e, 0x38d8c2c4, 0x4fdff252, 0xd1bb67f1, 0xa6bc5767, 0x3fb506dd, 0x48b2364b,
  0xd80d2bda, 0xaf0a1b4c, 0x36034af6, 0x41047a60, 0xdf60efc3, 0xa867df55, 0x316e8eef, 0x4669be79,
  0xcb61b38c, 0xbc66831a, 0x256fd2a0, 0x5268e236, 0xcc0c7795, 0xbb0b4703, 0x220216b9, 0x5505262f,
  0xc5ba3bbe, 0xb2bd0b28, 0x2bb45a92, 0x5cb36a04, 0xc2d7ffa7, 0xb5d0cf31, 0x2cd99e8b, 0x5bdeae1d,
  0x9b64c2b0, 0xec63f226, 0x756aa39c, 0x026d930a, 0x9c0906a9, 0xeb0e363f, 0x72076785, 0x05005713,
  0x95bf4a82, 0xe2b87a14, 0x7bb12bae, 0x0cb61b38, 0x92d28e9b, 0xe5d5be0d, 0x7cdcefb7, 0x0bdbdf21,
  0x86d3d2d4, 0xf1d4e242, 0x68ddb3f8, 0x1fda836e, 0x81be16cd, 0xf6b9265b, 0x6fb077e1, 0x18b74777,
  0x88085ae6, 0xff0f6a70, 0x66063bca, 0x11010b5c, 0x8f659eff, 0xf862ae69, 0x616bffd3, 0x166ccf45,
  0xa00ae278, 0xd70dd2ee, 0x4e048354, 0x3903b3c2, 0xa7672661, 0xd06016f7, 0x4969474d, 0x3e6e77db,
  0xaed16a4a, 0xd9d65adc, 0x40df0b66, 0x37d83bf0, 0xa9bcae53, 0xdebb9ec5, 0x47b2cf7f, 0x30b5ffe9,
  0xbdbdf21c, 0xcabac28a, 0x53b39330, 0x24b4a3a6, 0xbad03605, 0xcdd70693, 0x54de5729, 0x23d967bf,
  0xb3667a2e, 0xc4614ab8, 0x5d681b02, 0x2a6f2b94, 0xb40bbe37, 0xc30c8ea1, 0x5a05df1b, 0x2d02ef8d,
]);

function crc32(buf) {
  let crc = -1;
  for (let x of buf) {
    crc = CRC_TABLE[(crc ^ x) & 0xff] ^ (crc >>> 8);
  }
  return (crc ^ -1) >>> 0;
}

module.exports = crc32;


/***/ }),

/***/ 502:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {

// This was adapted from https://github.com/andrewrk/node-fd-slicer by Andrew Kelley under the MIT License.
var fs = __nccwpck_require__(896);
var util = __nccwpck_require__(23);
var stream = __nccwpck_require__(203);
var Readable = stream.Readable;
var PassThrough = stream.PassThrough;
var Pend = __nccwpck_require__(313);
var EventEmitter = (__nccwpck_require__(434).EventEmitter);

exports.BufferSlicer = BufferSlicer;
exports.FdSlicer = FdSlicer;

util.inherits(FdSlicer, EventEmitter);
function FdSlicer(fd) {
  EventEmitter.call(this);

  this.fd = fd;
  this.pend = new Pend();
  this.pend.max = 1;
  this.refCount = 0;
}

FdSlicer.prototype.read = function(buffer, offset, length, position, callback) {
  var self = this;
  self.pend.go(function(cb) {
    fs.read(self.fd, buffer, offset, length, position, function(err, bytesRead, buffer) {
      cb();
      callback(err, bytesRead, buffer);
    });
  });
};

FdSlicer.prototype.createReadStream = function(options) {
  return new ReadStream(this, options);
};

FdSlicer.prototype.ref = function() {
  this.refCount += 1;
};

FdSlicer.prototype.unref = function() {
  var self = this;
  self.refCount -= 1;
  if (self.refCount < 0) throw new Error("invalid unref");
  if (self.refCount > 0) return;

  fs.close(self.fd, onCloseDone);

  function onCloseDone(err) {
    if (err) {
      self.emit('error', err);
    } else {
      self.emit('close');
    }
  }
};

util.inherits(ReadStream, Readable);
function ReadStream(context, options) {
  options = options || {};
  Readable.call(this, options);

  this.context = context;
  this.context.ref();

  this.start = options.start || 0;
  this.endOffset = options.end;
  this.pos = this.start;
}

ReadStream.prototype._read = function(n) {
  var self = this;

  var toRead = Math.min(self._readableState.highWaterMark, n);
  if (self.endOffset != null) {
    toRead = Math.min(toRead, self.endOffset - self.pos);
  }
  if (toRead <= 0) {
    self.push(null);
    this._cleanup();
    return;
  }
  self.context.pend.go(function(cb) {
    var buffer = Buffer.allocUnsafe(toRead);
    fs.read(self.context.fd, buffer, 0, toRead, self.pos, function(err, bytesRead) {
      if (err) {
        self.destroy(err);
      } else if (bytesRead === 0) {
        self.push(null);
        self._cleanup();
      } else {
        self.pos += bytesRead;
        self.push(buffer.slice(0, bytesRead));
      }
      cb();
    });
  });
};

ReadStream.prototype._destroy = function(err, cb) {
  // Node 14+ calls this automatically at EOF.
  this._cleanup();
  cb(err);
};

ReadStream.prototype._cleanup = function() {
  if (this.context != null) {
    this.context.unref();
    this.context = null;
  }
};

util.inherits(BufferSlicer, EventEmitter);
function BufferSlicer(buffer) {
  EventEmitter.call(this);

  this.refCount = 0;
  this.buffer = buffer;
}

BufferSlicer.prototype.read = function(buffer, offset, length, position, callback) {
  if (!(0 <= offset && offset <= buffer.length)) throw new RangeError("offset outside buffer: 0 <= " + offset + " <= " + buffer.length);
  if (position < 0) throw new RangeError("position is negative: " + position);
  if (offset + length > buffer.length) {
    // The caller's buffer can't hold all the bytes they're trying to read.
    // Clamp the length instead of giving an error.
    // The callback will be informed of fewer than expected bytes written.
    length = buffer.length - offset;
  }
  if (position + length > this.buffer.length) {
    // Clamp any attempt to read past the end of the source buffer.
    length = this.buffer.length - position;
  }
  if (length <= 0) {
    // After any clamping, we're fully out of bounds or otherwise have nothing to do.
    // This isn't an error; it's just zero bytes written.
    setImmediate(function() {
      callback(null, 0);
    });
    return;
  }
  this.buffer.copy(buffer, offset, position, position + length);
  setImmediate(function() {
    callback(null, length);
  });
};

BufferSlicer.prototype.createReadStream = function(options) {
  options = options || {};
  var readStream = new PassThrough(options);
  readStream.start = options.start || 0;
  readStream.endOffset = options.end;
  // by the time this function returns, we'll be done.
  readStream.pos = readStream.endOffset || this.buffer.length;

  var entireSlice = this.buffer.slice(readStream.start, readStream.pos);
  // Cut the buffer into smaller slices for better memory usage when streaming into a zlib inflate stream.
  // See https://github.com/thejoshwolfe/yauzl/issues/87
  var maxChunkSize = 0x10000;
  var offset = 0;
  while (true) {
    var nextOffset = offset + maxChunkSize;
    if (nextOffset >= entireSlice.length) {
      // last chunk
      if (offset < entireSlice.length) {
        readStream.write(entireSlice.slice(offset, entireSlice.length));
      }
      break;
    }
    readStream.write(entireSlice.slice(offset, nextOffset));
    offset = nextOffset;
  }

  readStream.end();
  return readStream;
};

BufferSlicer.prototype.ref = function() {
  this.refCount += 1;
};

BufferSlicer.prototype.unref = function() {
  this.refCount -= 1;

  if (this.refCount < 0) {
    throw new Error("invalid unref");
  }
};


/***/ }),

/***/ 663:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {

var __webpack_unused_export__;
var fs = __nccwpck_require__(896);
var zlib = __nccwpck_require__(106);
var fd_slicer = __nccwpck_require__(502);
var util = __nccwpck_require__(23);
var EventEmitter = (__nccwpck_require__(434).EventEmitter);
var Transform = (__nccwpck_require__(203).Transform);
var PassThrough = (__nccwpck_require__(203).PassThrough);
var Writable = (__nccwpck_require__(203).Writable);

// Node 20 added zlib.crc32.
const crc32 = typeof zlib.crc32 === "function" ? zlib.crc32 : __nccwpck_require__(248);

__webpack_unused_export__ = open;
__webpack_unused_export__ = fromFd;
__webpack_unused_export__ = fromBuffer;
__webpack_unused_export__ = fromRandomAccessReader;
__webpack_unused_export__ = openPromise;
__webpack_unused_export__ = fromFdPromise;
__webpack_unused_export__ = fromBufferPromise;
exports.or = fromRandomAccessReaderPromise;

__webpack_unused_export__ = dosDateTimeToDate;
__webpack_unused_export__ = getFileNameLowLevel;
__webpack_unused_export__ = validateFileName;
__webpack_unused_export__ = parseExtraFields;
__webpack_unused_export__ = ZipFile;
__webpack_unused_export__ = Entry;
__webpack_unused_export__ = LocalFileHeader;
exports.lJ = RandomAccessReader;

function openPromise(path, options) {
  return new Promise((resolve, reject) => {
    open(path, {...options, lazyEntries: true}, function(err, zipfile) {
      if (err) return reject(err);
      resolve(zipfile);
    });
  });
}
function fromFdPromise(fd, options) {
  return new Promise((resolve, reject) => {
    fromFd(fd, {...options, lazyEntries: true}, function(err, zipfile) {
      if (err) return reject(err);
      resolve(zipfile);
    });
  });
}
function fromBufferPromise(buffer, options) {
  return new Promise((resolve, reject) => {
    fromBuffer(buffer, {...options, lazyEntries: true}, function(err, zipfile) {
      if (err) return reject(err);
      resolve(zipfile);
    });
  });
}
function fromRandomAccessReaderPromise(reader, totalSize, options) {
  return new Promise((resolve, reject) => {
    fromRandomAccessReader(reader, totalSize, {...options, lazyEntries: true}, function(err, zipfile) {
      if (err) return reject(err);
      resolve(zipfile);
    });
  });
}

function open(path, options, callback) {
  if (typeof options === "function") {
    callback = options;
    options = null;
  }
  if (options == null) options = {};
  if (options.autoClose == null) options.autoClose = true;
  if (options.lazyEntries == null) options.lazyEntries = false;
  if (options.decodeStrings == null) options.decodeStrings = true;
  if (options.validateEntrySizes == null) options.validateEntrySizes = true;
  if (options.strictFileNames == null) options.strictFileNames = false;
  if (callback == null) callback = defaultCallback;
  fs.open(path, "r", function(err, fd) {
    if (err) return callback(err);
    fromFd(fd, options, function(err, zipfile) {
      if (err) fs.close(fd, defaultCallback);
      callback(err, zipfile);
    });
  });
}

function fromFd(fd, options, callback) {
  if (typeof options === "function") {
    callback = options;
    options = null;
  }
  if (options == null) options = {};
  if (options.autoClose == null) options.autoClose = false;
  if (options.lazyEntries == null) options.lazyEntries = false;
  if (options.decodeStrings == null) options.decodeStrings = true;
  if (options.validateEntrySizes == null) options.validateEntrySizes = true;
  if (options.strictFileNames == null) options.strictFileNames = false;
  if (callback == null) callback = defaultCallback;
  fs.fstat(fd, function(err, stats) {
    if (err) return callback(err);
    var reader = new fd_slicer.FdSlicer(fd);
    fromRandomAccessReader(reader, stats.size, options, callback);
  });
}

function fromBuffer(buffer, options, callback) {
  if (typeof options === "function") {
    callback = options;
    options = null;
  }
  if (options == null) options = {};
  options.autoClose = false;
  if (options.lazyEntries == null) options.lazyEntries = false;
  if (options.decodeStrings == null) options.decodeStrings = true;
  if (options.validateEntrySizes == null) options.validateEntrySizes = true;
  if (options.strictFileNames == null) options.strictFileNames = false;
  var reader = new fd_slicer.BufferSlicer(buffer);
  fromRandomAccessReader(reader, buffer.length, options, callback);
}

function fromRandomAccessReader(reader, totalSize, options, callback) {
  if (typeof options === "function") {
    callback = options;
    options = null;
  }
  if (options == null) options = {};
  if (options.autoClose == null) options.autoClose = true;
  if (options.lazyEntries == null) options.lazyEntries = false;
  if (options.decodeStrings == null) options.decodeStrings = true;
  var decodeStrings = !!options.decodeStrings;
  if (options.validateEntrySizes == null) options.validateEntrySizes = true;
  if (options.strictFileNames == null) options.strictFileNames = false;
  if (callback == null) callback = defaultCallback;
  if (typeof totalSize !== "number") throw new Error("expected totalSize parameter to be a number");
  if (totalSize > Number.MAX_SAFE_INTEGER) {
    throw new Error("zip file too large. only file sizes up to 2^52 are supported due to JavaScript's Number type being an IEEE 754 double.");
  }

  // the matching unref() call is in zipfile.close()
  reader.ref();

  // eocdr means End of Central Directory Record.
  // search backwards for the eocdr signature.
  // the last field of the eocdr is a variable-length comment.
  // the comment size is encoded in a 2-byte field in the eocdr, which we can't find without trudging backwards through the comment to find it.
  // as a consequence of this design decision, it's possible to have ambiguous zip file metadata if a coherent eocdr was in the comment.
  // we search backwards for a eocdr signature, and hope that whoever made the zip file was smart enough to forbid the eocdr signature in the comment.
  var eocdrWithoutCommentSize = 22;
  var zip64EocdlSize = 20; // Zip64 end of central directory locator
  var maxCommentSize = 0xffff; // 2-byte size
  var bufferSize = Math.min(zip64EocdlSize + eocdrWithoutCommentSize + maxCommentSize, totalSize);
  var buffer = newBuffer(bufferSize);
  var bufferReadStart = totalSize - buffer.length;
  readAndAssertNoEof(reader, buffer, 0, bufferSize, bufferReadStart, function(err) {
    if (err) return callback(err);
    for (var i = bufferSize - eocdrWithoutCommentSize; i >= 0; i -= 1) {
      if (buffer.readUInt32LE(i) !== 0x06054b50) continue;
      // found eocdr
      var eocdrBuffer = buffer.subarray(i);

      // 0 - End of central directory signature = 0x06054b50
      // 4 - Number of this disk
      var diskNumber = eocdrBuffer.readUInt16LE(4);
      // 6 - Disk where central directory starts
      // 8 - Number of central directory records on this disk
      // 10 - Total number of central directory records
      var entryCount = eocdrBuffer.readUInt16LE(10);
      // 12 - Size of central directory (bytes)
      // 16 - Offset of start of central directory, relative to start of archive
      var centralDirectoryOffset = eocdrBuffer.readUInt32LE(16);
      // 20 - Comment length
      var commentLength = eocdrBuffer.readUInt16LE(20);
      var expectedCommentLength = eocdrBuffer.length - eocdrWithoutCommentSize;
      if (commentLength !== expectedCommentLength) {
        return callback(new Error("Invalid comment length. Expected: " + expectedCommentLength + ". Found: " + commentLength + ". Are there extra bytes at the end of the file? Or is the end of central dir signature `PK☺☻` in the comment?"));
      }
      // 22 - Comment
      // the encoding is always cp437.
      var comment = decodeStrings ? decodeBuffer(eocdrBuffer.subarray(22), false)
                                  : eocdrBuffer.subarray(22);

      // Look for a Zip64 end of central directory locator
      if (i - zip64EocdlSize >= 0 && buffer.readUInt32LE(i - zip64EocdlSize) === 0x07064b50) {
        // ZIP64 format
        var zip64EocdlBuffer = buffer.subarray(i - zip64EocdlSize, i - zip64EocdlSize + zip64EocdlSize);
        // 0 - zip64 end of central dir locator signature = 0x07064b50
        // 4 - number of the disk with the start of the zip64 end of central directory
        // 8 - relative offset of the zip64 end of central directory record
        var zip64EocdrOffset = readUInt64LE(zip64EocdlBuffer, 8);
        // 16 - total number of disks

        // ZIP64 end of central directory record
        var zip64EocdrBuffer = newBuffer(56);
        return readAndAssertNoEof(reader, zip64EocdrBuffer, 0, zip64EocdrBuffer.length, zip64EocdrOffset, function(err) {
          if (err) return callback(err);

          // 0 - zip64 end of central dir signature                           4 bytes  (0x06064b50)
          if (zip64EocdrBuffer.readUInt32LE(0) !== 0x06064b50) {
            return callback(new Error("invalid zip64 end of central directory record signature"));
          }
          // 4 - size of zip64 end of central directory record                8 bytes
          // 12 - version made by                                             2 bytes
          // 14 - version needed to extract                                   2 bytes
          // 16 - number of this disk                                         4 bytes
          diskNumber = zip64EocdrBuffer.readUInt32LE(16);
          if (diskNumber !== 0) {
            // Check this only after zip64 overrides. See #118.
            return callback(new Error("multi-disk zip files are not supported: found disk number: " + diskNumber));
          }
          // 20 - number of the disk with the start of the central directory  4 bytes
          // 24 - total number of entries in the central directory on this disk         8 bytes
          // 32 - total number of entries in the central directory            8 bytes
          entryCount = readUInt64LE(zip64EocdrBuffer, 32);
          // 40 - size of the central directory                               8 bytes
          // 48 - offset of start of central directory with respect to the starting disk number     8 bytes
          centralDirectoryOffset = readUInt64LE(zip64EocdrBuffer, 48);
          // 56 - zip64 extensible data sector                                (variable size)
          return callback(null, new ZipFile(reader, centralDirectoryOffset, totalSize, entryCount, comment, options.autoClose, options.lazyEntries, decodeStrings, options.validateEntrySizes, options.strictFileNames));
        });
      }

      // Not ZIP64 format
      if (diskNumber !== 0) {
        return callback(new Error("multi-disk zip files are not supported: found disk number: " + diskNumber));
      }
      return callback(null, new ZipFile(reader, centralDirectoryOffset, totalSize, entryCount, comment, options.autoClose, options.lazyEntries, decodeStrings, options.validateEntrySizes, options.strictFileNames));

    }

    // Not a zip file.
    callback(new Error("End of central directory record signature not found. Either not a zip file, or file is truncated."));
  });
}

util.inherits(ZipFile, EventEmitter);
function ZipFile(reader, centralDirectoryOffset, fileSize, entryCount, comment, autoClose, lazyEntries, decodeStrings, validateEntrySizes, strictFileNames) {
  var self = this;
  EventEmitter.call(self);
  self.reader = reader;
  // forward close events
  self.reader.on("error", function(err) {
    // error closing the fd
    emitError(self, err);
  });
  self.reader.once("close", function() {
    self.emit("close");
  });
  self.readEntryCursor = centralDirectoryOffset;
  self.fileSize = fileSize;
  self.entryCount = entryCount;
  self.comment = comment;
  self.entriesRead = 0;
  self.autoClose = !!autoClose;
  self.lazyEntries = !!lazyEntries;
  self.decodeStrings = !!decodeStrings;
  self.validateEntrySizes = !!validateEntrySizes;
  self.strictFileNames = !!strictFileNames;
  self.isOpen = true;
  self.emittedError = false;
  self.hasEachEntryBeenCalled = false;

  if (!self.lazyEntries) self._readEntry();
}
ZipFile.prototype.close = function() {
  if (!this.isOpen) return;
  this.isOpen = false;
  this.reader.unref();
};

function emitErrorAndAutoClose(self, err) {
  if (self.autoClose) self.close();
  emitError(self, err);
}
function emitError(self, err) {
  if (self.emittedError) return;
  self.emittedError = true;
  self.emit("error", err);
}

ZipFile.prototype.readEntry = function() {
  if (!this.lazyEntries) throw new Error("readEntry() called without lazyEntries:true");
  this._readEntry();
};
ZipFile.prototype._readEntry = function() {
  var self = this;
  if (self.entryCount === self.entriesRead) {
    // done with metadata
    setImmediate(function() {
      if (self.autoClose) self.close();
      if (self.emittedError) return;
      self.emit("end");
    });
    return;
  }
  if (self.emittedError) return;
  var buffer = newBuffer(46);
  readAndAssertNoEof(self.reader, buffer, 0, buffer.length, self.readEntryCursor, function(err) {
    if (err) return emitErrorAndAutoClose(self, err);
    if (self.emittedError) return;
    var entry = new Entry();
    // 0 - Central directory file header signature
    var signature = buffer.readUInt32LE(0);
    if (signature !== 0x02014b50) return emitErrorAndAutoClose(self, new Error("invalid central directory file header signature: 0x" + signature.toString(16)));
    // 4 - Version made by
    entry.versionMadeBy = buffer.readUInt16LE(4);
    // 6 - Version needed to extract (minimum)
    entry.versionNeededToExtract = buffer.readUInt16LE(6);
    // 8 - General purpose bit flag
    entry.generalPurposeBitFlag = buffer.readUInt16LE(8);
    // 10 - Compression method
    entry.compressionMethod = buffer.readUInt16LE(10);
    // 12 - File last modification time
    entry.lastModFileTime = buffer.readUInt16LE(12);
    // 14 - File last modification date
    entry.lastModFileDate = buffer.readUInt16LE(14);
    // 16 - CRC-32
    entry.crc32 = buffer.readUInt32LE(16);
    // 20 - Compressed size
    entry.compressedSize = buffer.readUInt32LE(20);
    // 24 - Uncompressed size
    entry.uncompressedSize = buffer.readUInt32LE(24);
    // 28 - File name length (n)
    entry.fileNameLength = buffer.readUInt16LE(28);
    // 30 - Extra field length (m)
    entry.extraFieldLength = buffer.readUInt16LE(30);
    // 32 - File comment length (k)
    entry.fileCommentLength = buffer.readUInt16LE(32);
    // 34 - Disk number where file starts
    // 36 - Internal file attributes
    entry.internalFileAttributes = buffer.readUInt16LE(36);
    // 38 - External file attributes
    entry.externalFileAttributes = buffer.readUInt32LE(38);
    // 42 - Relative offset of local file header
    entry.relativeOffsetOfLocalHeader = buffer.readUInt32LE(42);

    if (entry.generalPurposeBitFlag & 0x40) return emitErrorAndAutoClose(self, new Error("strong encryption is not supported"));

    self.readEntryCursor += 46;

    buffer = newBuffer(entry.fileNameLength + entry.extraFieldLength + entry.fileCommentLength);
    readAndAssertNoEof(self.reader, buffer, 0, buffer.length, self.readEntryCursor, function(err) {
      if (err) return emitErrorAndAutoClose(self, err);
      if (self.emittedError) return;
      // 46 - File name
      entry.fileNameRaw = buffer.subarray(0, entry.fileNameLength);
      // 46+n - Extra field
      var fileCommentStart = entry.fileNameLength + entry.extraFieldLength;
      entry.extraFieldRaw = buffer.subarray(entry.fileNameLength, fileCommentStart);
      // 46+n+m - File comment
      entry.fileCommentRaw = buffer.subarray(fileCommentStart, fileCommentStart + entry.fileCommentLength);

      // Parse the extra fields, which we need for processing other fields.
      try {
        entry.extraFields = parseExtraFields(entry.extraFieldRaw);
      } catch (err) {
        return emitErrorAndAutoClose(self, err);
      }

      // Interpret strings according to bit flags, extra fields, and options.
      if (self.decodeStrings) {
        var isUtf8 = (entry.generalPurposeBitFlag & 0x800) !== 0;
        entry.fileComment = decodeBuffer(entry.fileCommentRaw, isUtf8);
        entry.fileName = getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, self.strictFileNames);
        var errorMessage = validateFileName(entry.fileName);
        if (errorMessage != null) return emitErrorAndAutoClose(self, new Error(errorMessage));
      } else {
        entry.fileComment = entry.fileCommentRaw;
        entry.fileName = entry.fileNameRaw;
      }
      // Maintain API compatibility. See https://github.com/thejoshwolfe/yauzl/issues/47
      entry.comment = entry.fileComment;

      self.readEntryCursor += buffer.length;
      self.entriesRead += 1;

      // Check for the Zip64 Extended Information Extra Field.
      for (var i = 0; i < entry.extraFields.length; i++) {
        var extraField = entry.extraFields[i];
        if (extraField.id !== 0x0001) continue;
        // Found it.

        var zip64EiefBuffer = extraField.data;
        var index = 0;
        // 0 - Original Size          8 bytes
        if (entry.uncompressedSize === 0xffffffff) {
          if (index + 8 > zip64EiefBuffer.length) {
            return emitErrorAndAutoClose(self, new Error("zip64 extended information extra field does not include uncompressed size"));
          }
          entry.uncompressedSize = readUInt64LE(zip64EiefBuffer, index);
          index += 8;
        }
        // 8 - Compressed Size        8 bytes
        if (entry.compressedSize === 0xffffffff) {
          if (index + 8 > zip64EiefBuffer.length) {
            return emitErrorAndAutoClose(self, new Error("zip64 extended information extra field does not include compressed size"));
          }
          entry.compressedSize = readUInt64LE(zip64EiefBuffer, index);
          index += 8;
        }
        // 16 - Relative Header Offset 8 bytes
        if (entry.relativeOffsetOfLocalHeader === 0xffffffff) {
          if (index + 8 > zip64EiefBuffer.length) {
            return emitErrorAndAutoClose(self, new Error("zip64 extended information extra field does not include relative header offset"));
          }
          entry.relativeOffsetOfLocalHeader = readUInt64LE(zip64EiefBuffer, index);
          index += 8;
        }
        // 24 - Disk Start Number      4 bytes

        break;
      }

      // validate file size
      if (self.validateEntrySizes && entry.compressionMethod === 0) {
        var expectedCompressedSize = entry.uncompressedSize;
        if (entry.isEncrypted()) {
          // traditional encryption prefixes the file data with a header
          expectedCompressedSize += 12;
        }
        if (entry.compressedSize !== expectedCompressedSize) {
          var msg = "compressed/uncompressed size mismatch for stored file: " + entry.compressedSize + " != " + entry.uncompressedSize;
          return emitErrorAndAutoClose(self, new Error(msg));
        }
      }

      self.emit("entry", entry);

      if (!self.lazyEntries) self._readEntry();
    });
  });
};

ZipFile.prototype.eachEntry = function() {
  const self = this;
  if (!self.lazyEntries) throw new Error("eachEntry() requires lazyEntries: true");
  if (self.hasEachEntryBeenCalled) throw new Error("eachEntry() must only be called once per ZipFile");
  self.hasEachEntryBeenCalled = true;

  let pendingResolveReject = null;
  self.on("entry", onEntry);
  self.on("end", onEnd);
  self.on("error", onError);
  function cleanup() {
    self.removeListener("entry", onEntry);
    self.removeListener("end", onEnd);
    self.removeListener("error", onError);
    if (self.autoClose) self.close();
  }

  function onEntry(entry) {
    let {resolve} = pendingResolveReject;
    pendingResolveReject = null;
    resolve({value: entry});
  }
  function onEnd() {
    let {resolve} = pendingResolveReject;
    pendingResolveReject = null;
    cleanup();
    resolve({done: true});
  }
  function onError(err) {
    let {reject} = pendingResolveReject;
    pendingResolveReject = null;
    cleanup();
    reject(err);
  }

  return {
    [Symbol.asyncIterator]() {
      // Called once by `for await...of`.
      return this;
    },
    next() {
      // Called on each iteration in a `for await...of`.
      const promise = new Promise((resolve, reject) => {
        if (pendingResolveReject != null) throw new Error("next() called before previous Promise was resolved.");
        pendingResolveReject = {resolve, reject};
      });
      self.readEntry();
      return promise;
    },
    return(value) {
      // Called when breaking, returning, throwing out of a `for await...of`.
      cleanup();
      return Promise.resolve({done: true, value});
    },
    throw(value) {
      // Almost never called. Something about `yield*` maybe?
      cleanup();
      return Promise.reject(value);
    },
  };
};

ZipFile.prototype.openReadStream = function(entry, options, callback) {
  var self = this;
  // parameter validation
  var relativeStart = 0;
  var relativeEnd = entry.compressedSize;
  if (callback == null) {
    callback = options;
    options = null;
  }
  if (options == null) {
    options = {};
  } else {
    if (options.decodeFileData === false) {
      // new, simple option
      if (options.decrypt != null) {
        throw new Error("cannot use options.decrypt when options.decodeFileData === false");
      }
      if (options.decompress != null) {
        throw new Error("cannot use options.decompress when options.decodeFileData === false");
      }
      // start and end are allowed
    } else {
      // old, complicated options
      if (options.decrypt != null) {
        if (!entry.isEncrypted()) {
          throw new Error("options.decrypt can only be specified for encrypted entries. See also option decodeFileData.");
        }
        if (options.decrypt !== false) throw new Error("invalid options.decrypt value: " + options.decrypt);
        if (entry.isCompressed()) {
          if (options.decompress !== false) throw new Error("entry is encrypted and compressed, and options.decompress !== false. See also option decodeFileData.");
        }
      }
      if (options.decompress != null) {
        if (!entry.isCompressed()) {
          throw new Error("options.decompress can only be specified for compressed entries. See also option decodeFileData.");
        }
        if (!(options.decompress === false || options.decompress === true)) {
          throw new Error("invalid options.decompress value: " + options.decompress);
        }
        decompress = options.decompress;
      }
    }
    if (options.start != null) {
      relativeStart = options.start;
      if (relativeStart < 0) throw new Error("options.start < 0");
      if (relativeStart > entry.compressedSize) throw new Error("options.start > entry.compressedSize");
    }
    if (options.end != null) {
      relativeEnd = options.end;
      if (relativeEnd < 0) throw new Error("options.end < 0");
      if (relativeEnd > entry.compressedSize) throw new Error("options.end > entry.compressedSize");
      if (relativeEnd < relativeStart) throw new Error("options.end < options.start");
    }
  }
  var rawMode = (
    options.decodeFileData === false || // Explicitly requested raw.
    (
      (entry.compressionMethod === 0 || // Naturally without compression.
        (entry.compressionMethod === 8 && options.decompress === false) // Deprecated compression bypass option.
      ) &&
      (!entry.isEncrypted() || // Naturally without encryption.
        options.decrypt === false // Deprecated encryption bypass option.
      )
    )
  );
  if (options.start != null || options.end != null) {
    // Ensure slicing deals with raw data.
    if (!rawMode) throw new Error("start/end range require options.decodeFileData === false for non-trivial encoded entries.");
  }

  // any further errors can either be caused by the zipfile,
  // or were introduced in a minor version of yauzl,
  // so should be passed to the client rather than thrown.
  if (!self.isOpen) return callback(new Error("closed"));
  if (entry.isEncrypted() && !rawMode) {
    if (options.decrypt !== false) return callback(new Error("entry is encrypted, and options.decodeFileData !== false"));
  }
  var decompress;
  if (rawMode) {
    decompress = false;
  } else if (entry.compressionMethod === 8) {
    // 8 - The file is Deflated
    decompress = options.decodeFileData !== true;
  } else {
    return callback(new Error("unsupported compression method: " + entry.compressionMethod));
  }

  self.readLocalFileHeader(entry, {minimal: true}, function(err, localFileHeader) {
    if (err) return callback(err);
    self.openReadStreamLowLevel(
      localFileHeader.fileDataStart, entry.compressedSize,
      relativeStart, relativeEnd,
      decompress, entry.uncompressedSize,
      callback);
  });
};

ZipFile.prototype.openReadStreamLowLevel = function(fileDataStart, compressedSize, relativeStart, relativeEnd, decompress, uncompressedSize, callback) {
  var self = this;

  var fileDataEnd = fileDataStart + compressedSize;
  var readStream = self.reader.createReadStream({
    start: fileDataStart + relativeStart,
    end: fileDataStart + relativeEnd,
  });
  var endpointStream = readStream;
  if (decompress) {
    var destroyed = false;
    var inflateFilter = zlib.createInflateRaw();
    readStream.on("error", function(err) {
      // setImmediate here because errors can be emitted during the first call to pipe()
      setImmediate(function() {
        if (!destroyed) inflateFilter.emit("error", err);
      });
    });
    readStream.pipe(inflateFilter);

    if (self.validateEntrySizes) {
      endpointStream = new AssertByteCountStream(uncompressedSize);
      inflateFilter.on("error", function(err) {
        // forward zlib errors to the client-visible stream
        setImmediate(function() {
          if (!destroyed) endpointStream.emit("error", err);
        });
      });
      inflateFilter.pipe(endpointStream);
    } else {
      // the zlib filter is the client-visible stream
      endpointStream = inflateFilter;
    }
    // this is part of yauzl's API, so implement this function on the client-visible stream
    installDestroyFn(endpointStream, function() {
      destroyed = true;
      if (inflateFilter !== endpointStream) inflateFilter.unpipe(endpointStream);
      readStream.unpipe(inflateFilter);
      // TODO: the inflateFilter may cause a memory leak. see Issue #27.
      readStream.destroy();
    });
  }
  callback(null, endpointStream);
};

ZipFile.prototype.readLocalFileHeader = function(entry, options, callback) {
  var self = this;
  if (callback == null) {
    callback = options;
    options = null;
  }
  if (options == null) options = {};

  self.reader.ref();
  var buffer = newBuffer(30);
  readAndAssertNoEof(self.reader, buffer, 0, buffer.length, entry.relativeOffsetOfLocalHeader, function(err) {
    try {
      if (err) return callback(err);
      // 0 - Local file header signature = 0x04034b50
      var signature = buffer.readUInt32LE(0);
      if (signature !== 0x04034b50) {
        return callback(new Error("invalid local file header signature: 0x" + signature.toString(16)));
      }

      var fileNameLength = buffer.readUInt16LE(26);
      var extraFieldLength = buffer.readUInt16LE(28);
      var fileDataStart = entry.relativeOffsetOfLocalHeader + 30 + fileNameLength + extraFieldLength;
      // We now have enough information to do this bounds check.
      if (fileDataStart + entry.compressedSize > self.fileSize) {
        return callback(new Error("file data overflows file bounds: " +
            fileDataStart + " + " + entry.compressedSize + " > " + self.fileSize));
      }

      if (options.minimal) {
        return callback(null, {fileDataStart: fileDataStart});
      }

      var localFileHeader = new LocalFileHeader();
      localFileHeader.fileDataStart = fileDataStart;

      // 4 - Version needed to extract (minimum)
      localFileHeader.versionNeededToExtract = buffer.readUInt16LE(4);
      // 6 - General purpose bit flag
      localFileHeader.generalPurposeBitFlag = buffer.readUInt16LE(6);
      // 8 - Compression method
      localFileHeader.compressionMethod = buffer.readUInt16LE(8);
      // 10 - File last modification time
      localFileHeader.lastModFileTime = buffer.readUInt16LE(10);
      // 12 - File last modification date
      localFileHeader.lastModFileDate = buffer.readUInt16LE(12);
      // 14 - CRC-32
      localFileHeader.crc32 = buffer.readUInt32LE(14);
      // 18 - Compressed size
      localFileHeader.compressedSize = buffer.readUInt32LE(18);
      // 22 - Uncompressed size
      localFileHeader.uncompressedSize = buffer.readUInt32LE(22);
      // 26 - File name length (n)
      localFileHeader.fileNameLength = fileNameLength;
      // 28 - Extra field length (m)
      localFileHeader.extraFieldLength = extraFieldLength;
      // 30 - File name
      // 30+n - Extra field

      buffer = newBuffer(fileNameLength + extraFieldLength);
      self.reader.ref();
      readAndAssertNoEof(self.reader, buffer, 0, buffer.length, entry.relativeOffsetOfLocalHeader + 30, function(err) {
        try {
          if (err) return callback(err);
          localFileHeader.fileName = buffer.subarray(0, fileNameLength);
          localFileHeader.extraField = buffer.subarray(fileNameLength);
          return callback(null, localFileHeader);
        } finally {
          self.reader.unref();
        }
      });
    } finally {
      self.reader.unref();
    }
  });
};

ZipFile.prototype.openReadStreamPromise = function(entry, options) {
  return new Promise((resolve, reject) => {
    this.openReadStream(entry, options, function(err, readStream) {
      if (err) return reject(err);
      resolve(readStream);
    });
  });
};
ZipFile.prototype.openReadStreamLowLevelPromise = function(fileDataStart, compressedSize, relativeStart, relativeEnd, decompress, uncompressedSize) {
  return new Promise((resolve, reject) => {
    this.openReadStream(fileDataStart, compressedSize, relativeStart, relativeEnd, decompress, uncompressedSize, function(err, readStream) {
      if (err) return reject(err);
      resolve(readStream);
    });
  });
};
ZipFile.prototype.readLocalFileHeaderPromise = function(entry, options) {
  return new Promise((resolve, reject) => {
    this.readLocalFileHeader(entry, options, function(err, localFileHeader) {
      if (err) return reject(err);
      resolve(localFileHeader);
    });
  });
};

function Entry() {
}
Entry.prototype.getLastModDate = function(options) {
  if (options == null) options = {};

  if (!options.forceDosFormat) {
    // Check extended fields.
    for (var i = 0; i < this.extraFields.length; i++) {
      var extraField = this.extraFields[i];
      if (extraField.id === 0x5455) {
        // Info-ZIP "universal timestamp" extended field (`0x5455` aka `"UT"`).
        // See the Info-ZIP source code unix/unix.c:set_extra_field() and zipfile.c:ef_scan_ut_time().
        var data = extraField.data;
        if (data.length < 5) continue; // Too short.
        // The flags define which of the three fields are present: mtime, atime, ctime.
        // We only care about mtime.
        // Also, ctime is never included in practice.
        // And also, atime is only included in the local file header for some reason
        // despite the flags lying about its inclusion in the central header.
        var flags = data[0];
        var HAS_MTIME = 1;
        if (!(flags & HAS_MTIME)) continue; // This will realistically never happen.
        // Although the positions of all of the fields shift around depending on the presence of other fields,
        // mtime is always first if present, and that's the only one we care about.
        var posixTimestamp = data.readInt32LE(1);
        return new Date(posixTimestamp * 1000);
      } else if (extraField.id === 0x000a) {
        var data = extraField.data;
        if (data.length !== 32) continue; // The length is always the same.
        // 4 bytes reserved
        // 2 bytes Tag
        if (data.readUInt16LE(4) !== 1) continue; // Tag1 is actually the only defined Tag.
        // 2 bytes Size
        if (data.readUInt16LE(6) !== 24) continue; // Size is always 24.
        // 8 bytes Mtime
        var hundredNanoSecondsSince1601 = data.readUInt32LE(8) + 4294967296 * data.readInt32LE(12);
        // Convert from NTFS to POSIX milliseconds.
        // The big number below is the milliseconds between year 1601 and year 1970
        // (i.e. the negative POSIX timestamp of 1601-01-01 00:00:00Z)
        var millisecondsSince1970 = hundredNanoSecondsSince1601 / 10000 - 11644473600000;
        // Note on numeric precision: JavaScript Number objects lose precision above Number.MAX_SAFE_INTEGER,
        // and NTFS timestamps are typically much bigger than that limit.
        // (MAX_SAFE_INTEGER would represent 1629-07-17T23:58:45.475Z.)
        // However, we're losing precision in the conversion from 100nanosecond units to millisecond units anyway,
        // and the time at which we also lose 1-millisecond precision is year 275760, the JavaScript Date limit (by design).
        // Up through the year 2057, this conversion only drops 4 bits of precision,
        // which is well under the 13-14 bits ratio between the milliseconds and 100nanoseconds.
        return new Date(millisecondsSince1970);
      }
    }
  }

  // Fallback to non-extended encoding.
  return dosDateTimeToDate(this.lastModFileDate, this.lastModFileTime, options.timezone);
};

Entry.prototype.canDecodeFileData = function() {
  return (
    !this.isEncrypted() &&
    (this.compressionMethod === 0 || this.compressionMethod === 8)
  );
};
Entry.prototype.isEncrypted = function() {
  return (this.generalPurposeBitFlag & 0x1) !== 0;
};
Entry.prototype.isCompressed = function() {
  return this.compressionMethod === 8;
};

function LocalFileHeader() {
}

function dosDateTimeToDate(date, time, timezone) {
  var day = date & 0x1f; // 1-31
  var month = (date >> 5 & 0xf) - 1; // 1-12, 0-11
  var year = (date >> 9 & 0x7f) + 1980; // 0-128, 1980-2108

  var millisecond = 0;
  var second = (time & 0x1f) * 2; // 0-29, 0-58 (even numbers)
  var minute = time >> 5 & 0x3f; // 0-59
  var hour = time >> 11 & 0x1f; // 0-23

  if (timezone == null || timezone === "local") {
    return new Date(year, month, day, hour, minute, second, millisecond);
  } else if (timezone === "UTC") {
    return new Date(Date.UTC(year, month, day, hour, minute, second, millisecond));
  } else {
    throw new Error("unrecognized options.timezone: " + options.timezone);
  }
}

function getFileNameLowLevel(generalPurposeBitFlag, fileNameBuffer, extraFields, strictFileNames) {
  var fileName = null;

  // check for Info-ZIP Unicode Path Extra Field (0x7075)
  // see https://github.com/thejoshwolfe/yauzl/issues/33
  for (var i = 0; i < extraFields.length; i++) {
    var extraField = extraFields[i];
    if (extraField.id === 0x7075) {
      if (extraField.data.length < 6) {
        // too short to be meaningful
        continue;
      }
      // Version       1 byte      version of this extra field, currently 1
      if (extraField.data.readUInt8(0) !== 1) {
        // > Changes may not be backward compatible so this extra
        // > field should not be used if the version is not recognized.
        continue;
      }
      // NameCRC32     4 bytes     File Name Field CRC32 Checksum
      var oldNameCrc32 = extraField.data.readUInt32LE(1);
      if (crc32(fileNameBuffer) !== oldNameCrc32) {
        // > If the CRC check fails, this UTF-8 Path Extra Field should be
        // > ignored and the File Name field in the header should be used instead.
        continue;
      }
      // UnicodeName   Variable    UTF-8 version of the entry File Name
      fileName = decodeBuffer(extraField.data.subarray(5), true);
      break;
    }
  }

  if (fileName == null) {
    // The typical case.
    var isUtf8 = (generalPurposeBitFlag & 0x800) !== 0;
    fileName = decodeBuffer(fileNameBuffer, isUtf8);
  }

  if (!strictFileNames) {
    // Allow backslash.
    fileName = fileName.replace(/\\/g, "/");
  }
  return fileName;
}

function validateFileName(fileName) {
  if (fileName.indexOf("\\") !== -1) {
    return "invalid characters in fileName: " + fileName;
  }
  if (/^[a-zA-Z]:/.test(fileName) || /^\//.test(fileName)) {
    return "absolute path: " + fileName;
  }
  if (fileName.split("/").indexOf("..") !== -1) {
    return "invalid relative path: " + fileName;
  }
  // all good
  return null;
}

function parseExtraFields(extraFieldBuffer) {
  var extraFields = [];
  var i = 0;
  while (i < extraFieldBuffer.length - 3) {
    var headerId = extraFieldBuffer.readUInt16LE(i + 0);
    var dataSize = extraFieldBuffer.readUInt16LE(i + 2);
    var dataStart = i + 4;
    var dataEnd = dataStart + dataSize;
    if (dataEnd > extraFieldBuffer.length) throw new Error("extra field length exceeds extra field buffer size");
    var dataBuffer = extraFieldBuffer.subarray(dataStart, dataEnd);
    extraFields.push({
      id: headerId,
      data: dataBuffer,
    });
    i = dataEnd;
  }
  return extraFields;
}

function readAndAssertNoEof(reader, buffer, offset, length, position, callback) {
  if (length === 0) {
    // fs.read will throw an out-of-bounds error if you try to read 0 bytes from a 0 byte file
    return setImmediate(function() { callback(null, newBuffer(0)); });
  }
  reader.read(buffer, offset, length, position, function(err, bytesRead) {
    if (err) return callback(err);
    if (bytesRead < length) {
      return callback(new Error("unexpected EOF"));
    }
    callback();
  });
}

util.inherits(AssertByteCountStream, Transform);
function AssertByteCountStream(byteCount) {
  Transform.call(this);
  this.actualByteCount = 0;
  this.expectedByteCount = byteCount;
}
AssertByteCountStream.prototype._transform = function(chunk, encoding, cb) {
  this.actualByteCount += chunk.length;
  if (this.actualByteCount > this.expectedByteCount) {
    var msg = "too many bytes in the stream. expected " + this.expectedByteCount + ". got at least " + this.actualByteCount;
    return cb(new Error(msg));
  }
  cb(null, chunk);
};
AssertByteCountStream.prototype._flush = function(cb) {
  if (this.actualByteCount < this.expectedByteCount) {
    var msg = "not enough bytes in the stream. expected " + this.expectedByteCount + ". got only " + this.actualByteCount;
    return cb(new Error(msg));
  }
  cb();
};

util.inherits(RandomAccessReader, EventEmitter);
function RandomAccessReader() {
  EventEmitter.call(this);
  this.refCount = 0;
}
RandomAccessReader.prototype.ref = function() {
  this.refCount += 1;
};
RandomAccessReader.prototype.unref = function() {
  var self = this;
  self.refCount -= 1;

  if (self.refCount > 0) return;
  if (self.refCount < 0) throw new Error("invalid unref");

  self.close(onCloseDone);

  function onCloseDone(err) {
    if (err) return self.emit('error', err);
    self.emit('close');
  }
};
RandomAccessReader.prototype.createReadStream = function(options) {
  if (options == null) options = {};
  var start = options.start;
  var end = options.end;
  if (start === end) {
    var emptyStream = new PassThrough();
    setImmediate(function() {
      emptyStream.end();
    });
    return emptyStream;
  }
  var stream = this._readStreamForRange(start, end);

  var destroyed = false;
  var refUnrefFilter = new RefUnrefFilter(this);
  stream.on("error", function(err) {
    setImmediate(function() {
      if (!destroyed) refUnrefFilter.emit("error", err);
    });
  });
  installDestroyFn(refUnrefFilter, function() {
    stream.unpipe(refUnrefFilter);
    refUnrefFilter.unref();
    stream.destroy();
  });

  var byteCounter = new AssertByteCountStream(end - start);
  refUnrefFilter.on("error", function(err) {
    setImmediate(function() {
      if (!destroyed) byteCounter.emit("error", err);
    });
  });
  installDestroyFn(byteCounter, function() {
    destroyed = true;
    refUnrefFilter.unpipe(byteCounter);
    refUnrefFilter.destroy();
  });

  return stream.pipe(refUnrefFilter).pipe(byteCounter);
};
RandomAccessReader.prototype._readStreamForRange = function(start, end) {
  throw new Error("not implemented");
};
RandomAccessReader.prototype.read = function(buffer, offset, length, position, callback) {
  var readStream = this.createReadStream({start: position, end: position + length});
  var writeStream = new Writable();
  var written = 0;
  writeStream._write = function(chunk, encoding, cb) {
    chunk.copy(buffer, offset + written, 0, chunk.length);
    written += chunk.length;
    cb();
  };
  writeStream.on("finish", callback);
  readStream.on("error", function(error) {
    callback(error);
  });
  readStream.pipe(writeStream);
};
RandomAccessReader.prototype.close = function(callback) {
  setImmediate(callback);
};

util.inherits(RefUnrefFilter, PassThrough);
function RefUnrefFilter(context) {
  PassThrough.call(this);
  this.context = context;
  this.context.ref();
  this.unreffedYet = false;
}
RefUnrefFilter.prototype._flush = function(cb) {
  this.unref();
  cb();
};
RefUnrefFilter.prototype.unref = function(cb) {
  if (this.unreffedYet) return;
  this.unreffedYet = true;
  this.context.unref();
};

var cp437 = '\u0000☺☻♥♦♣♠•◘○◙♂♀♪♫☼►◄↕‼¶§▬↨↑↓→←∟↔▲▼ !"#$%&\'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~⌂ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■ ';
function decodeBuffer(buffer, isUtf8) {
  if (isUtf8) {
    return buffer.toString("utf8");
  } else {
    var result = "";
    for (var i = 0; i < buffer.length; i++) {
      result += cp437[buffer[i]];
    }
    return result;
  }
}

function readUInt64LE(buffer, offset) {
  // There is no native function for this, because we can't actually store 64-bit integers precisely.
  // after 53 bits, JavaScript's Number type (IEEE 754 double) can't store individual integers anymore.
  // but since 53 bits is a whole lot more than 32 bits, we do our best anyway.
  // As of 2020, Node has added support for BigInt, which obviates this whole function,
  // but yauzl hasn't been updated to depend on BigInt (yet?).
  var lower32 = buffer.readUInt32LE(offset);
  var upper32 = buffer.readUInt32LE(offset + 4);
  // we can't use bitshifting here, because JavaScript bitshifting only works on 32-bit integers.
  return upper32 * 0x100000000 + lower32;
  // as long as we're bounds checking the result of this function against the total file size,
  // we'll catch any overflow errors, because we already made sure the total file size was within reason.
}

// Node 10 deprecated new Buffer().
var newBuffer;
if (typeof Buffer.allocUnsafe === "function") {
  newBuffer = function(len) {
    return Buffer.allocUnsafe(len);
  };
} else {
  newBuffer = function(len) {
    return new Buffer(len);
  };
}

// Node 8 introduced a proper destroy() implementation on writable streams.
function installDestroyFn(stream, fn) {
  if (typeof stream.destroy === "function") {
    // New API.
    stream._destroy = function(err, cb) {
      fn();
      if (cb != null) cb(err);
    };
  } else {
    // Old API.
    stream.destroy = fn;
  }
}

function defaultCallback(err) {
  if (err) throw err;
}


/***/ }),

/***/ 434:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("events");

/***/ }),

/***/ 896:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("fs");

/***/ }),

/***/ 203:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("stream");

/***/ }),

/***/ 23:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("util");

/***/ }),

/***/ 106:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("zlib");

/***/ })

/******/ });
/************************************************************************/
/******/ // The module cache
/******/ var __webpack_module_cache__ = {};
/******/ 
/******/ // The require function
/******/ function __nccwpck_require__(moduleId) {
/******/ 	// Check if module is in cache
/******/ 	var cachedModule = __webpack_module_cache__[moduleId];
/******/ 	if (cachedModule !== undefined) {
/******/ 		return cachedModule.exports;
/******/ 	}
/******/ 	// Create a new module (and put it into the cache)
/******/ 	var module = __webpack_module_cache__[moduleId] = {
/******/ 		// no module.id needed
/******/ 		// no module.loaded needed
/******/ 		exports: {}
/******/ 	};
/******/ 
/******/ 	// Execute the module function
/******/ 	var threw = true;
/******/ 	try {
/******/ 		__webpack_modules__[moduleId](module, module.exports, __nccwpck_require__);
/******/ 		threw = false;
/******/ 	} finally {
/******/ 		if(threw) delete __webpack_module_cache__[moduleId];
/******/ 	}
/******/ 
/******/ 	// Return the exports of the module
/******/ 	return module.exports;
/******/ }
/******/ 
/************************************************************************/
/******/ /* webpack/runtime/asset-relocator-loader */
/******/ if (typeof __nccwpck_require__ !== 'undefined') __nccwpck_require__.ab = decodeURIComponent(new URL('.', import.meta.url).pathname).slice(import.meta.url.match(/^file:\/\/\/\w:/) ? 1 : 0, -1) + "/";
/******/ 
/******/ /* webpack/runtime/create fake namespace object */
/******/ (() => {
/******/ 	var getProto = Object.getPrototypeOf ? (obj) => (Object.getPrototypeOf(obj)) : (obj) => (obj.__proto__);
/******/ 	var leafPrototypes;
/******/ 	// create a fake namespace object
/******/ 	// mode & 1: value is a module id, require it
/******/ 	// mode & 2: merge all properties of value into the ns
/******/ 	// mode & 4: return value when already ns object
/******/ 	// mode & 16: return value when it's Promise-like
/******/ 	// mode & 8|1: behave like require
/******/ 	__nccwpck_require__.t = function(value, mode) {
/******/ 		if(mode & 1) value = this(value);
/******/ 		if(mode & 8) return value;
/******/ 		if(typeof value === 'object' && value) {
/******/ 			if((mode & 4) && value.__esModule) return value;
/******/ 			if((mode & 16) && typeof value.then === 'function') return value;
/******/ 		}
/******/ 		var ns = Object.create(null);
/******/ 		__nccwpck_require__.r(ns);
/******/ 		var def = {};
/******/ 		leafPrototypes = leafPrototypes || [null, getProto({}), getProto([]), getProto(getProto)];
/******/ 		for(var current = mode & 2 && value; typeof current == 'object' && !~leafPrototypes.indexOf(current); current = getProto(current)) {
/******/ 			Object.getOwnPropertyNames(current).forEach((key) => (def[key] = () => (value[key])));
/******/ 		}
/******/ 		def['default'] = () => (value);
/******/ 		__nccwpck_require__.d(ns, def);
/******/ 		return ns;
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/define property getters */
/******/ (() => {
/******/ 	// define getter functions for harmony exports
/******/ 	__nccwpck_require__.d = (exports, definition) => {
/******/ 		for(var key in definition) {
/******/ 			if(__nccwpck_require__.o(definition, key) && !__nccwpck_require__.o(exports, key)) {
/******/ 				Object.defineProperty(exports, key, { enumerable: true, get: definition[key] });
/******/ 			}
/******/ 		}
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/hasOwnProperty shorthand */
/******/ (() => {
/******/ 	__nccwpck_require__.o = (obj, prop) => (Object.prototype.hasOwnProperty.call(obj, prop))
/******/ })();
/******/ 
/******/ /* webpack/runtime/make namespace object */
/******/ (() => {
/******/ 	// define __esModule on exports
/******/ 	__nccwpck_require__.r = (exports) => {
/******/ 		if(typeof Symbol !== 'undefined' && Symbol.toStringTag) {
/******/ 			Object.defineProperty(exports, Symbol.toStringTag, { value: 'Module' });
/******/ 		}
/******/ 		Object.defineProperty(exports, '__esModule', { value: true });
/******/ 	};
/******/ })();
/******/ 
/************************************************************************/
var __webpack_exports__ = {};

;// CONCATENATED MODULE: external "node:worker_threads"
const external_node_worker_threads_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:worker_threads");
;// CONCATENATED MODULE: external "node:readline"
const external_node_readline_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:readline");
;// CONCATENATED MODULE: ./build/js/scan/matcher-compare.js
/** z[i]: how many bytes from i on equal the bytes from 0 on (Gusfield's Z function); z[0] is the length. */
function prefixAgreement(bytes) {
    const z = new Int32Array(bytes.length);
    z[0] = bytes.length;
    let left = 0;
    let right = 0;
    for (let i = 1; i < bytes.length; i++) {
        let same = i < right ? Math.min(right - i, z[i - left]) : 0;
        while (i + same < bytes.length && bytes[same] === bytes[i + same])
            same++;
        z[i] = same;
        if (i + same > right) {
            left = i;
            right = i + same;
        }
    }
    return z;
}
/**
 * Compares one long needle with a text at many starts in linear time altogether, also where both repeat themselves:
 * what the last comparison learnt of the text is not read again (Main and Lorentz, 1984). Without this a needle of
 * 64 KiB of one byte costs 64 KiB of comparing at each byte of a file of such bytes.
 */
class LongCompare {
    #bytes;
    /** Made when comparisons overlap for the first time, which they do only in repeating text. */
    #agreement = null;
    #pass = -1;
    /** The text's `[start, end)` equals the needle's head, and its byte at `end` does not (or the needle ends there). */
    #start = 0;
    #end = 0;
    constructor(bytes) {
        this.#bytes = bytes;
    }
    /**
     * Whether the needle lies at `start` of `text`, which must be long enough.
     * `pass` tells one text from the next; fastest when starts rise within a pass, right in any order.
     */
    at(text, start, pass) {
        let known = 0;
        if (pass === this.#pass && start > this.#start && start < this.#end) {
            known = this.#end - start;
            this.#agreement ??= prefixAgreement(this.#bytes);
            // Shorter: the text, equal to the needle so far, differs from its head where the needle itself does. Longer: the
            // byte at `end`, which differed from the needle there, differs from this place of the needle as well.
            if (this.#agreement[start - this.#start] !== known)
                return false;
        }
        const length = this.#bytes.length;
        let same = known;
        while (same < length && text[start + same] === this.#bytes[same])
            same++;
        this.#pass = pass;
        this.#start = start;
        this.#end = start + same;
        return same === length;
    }
}

;// CONCATENATED MODULE: ./build/js/scan/matcher-probe.js
/**
 * The first look at a sampled word: at which offsets of a window may it lie? A table small enough for the processor's
 * caches, indexed by a hash of the word: for nearly all words the answer is "at none", and what is left may be wrong.
 */
/** Length of a word in bytes. */
const WORD = 4;
/** Odd numbers that spread neighbouring words over the whole table; the first is 2^32 divided by the golden ratio. */
const MULTIPLIERS = [0x9e3779b1, 0x85ebca6b, 0xc2b2ae35, 0x27d4eb2f, 0x165667b1, 0xcc9e2d51, 0x1b873593, 0x7feb352d];
/** Bytes that files are filled with, mebibytes of one: zeros, ones, blanks, newlines, signs, no-ops, traps. */
const FILLERS = [0x00, 0xff, 0x20, 0x0a, 0x2d, 0x30, 0x41, 0x90, 0xcc].map((byte) => Math.imul(byte, 0x01010101));
/** Table bytes a word: about one word in 64 that is in no window gets past. */
const ROOM = 64;
const LEAST_BITS = 15;
/** 4 MiB: larger tables miss the caches more often than they save a second look. */
const MOST_BITS = 22;
class Probe {
    /**
     * Indexed by `Math.imul(word, multiplier) >>> shift`. Bit j: a word with this index lies at offset j of some window,
     * or, where windows have more than eight offsets, at 2j or 2j + 1.
     */
    table;
    shift;
    multiplier;
    /** Offsets that share one bit. */
    grain;
    /** How many bits two neighbouring words are apart. */
    #apart;
    /** The offsets before which, and behind which, the window has no whole other word. */
    #head;
    #tail;
    #hasNeighbours;
    /** `words`: those of each window, one window after the other, `stride` (4 to 16) of each, in order of offset. */
    constructor(words, stride) {
        const bits = 32 - Math.clz32(words.length * ROOM);
        const tableBits = Math.min(MOST_BITS, Math.max(LEAST_BITS, bits));
        this.shift = 32 - tableBits;
        this.table = new Uint8Array(2 ** tableBits);
        this.grain = stride > 8 ? 2 : 1;
        this.#apart = WORD / this.grain;
        this.#head = (1 << this.#apart) - 1;
        this.#tail = this.#head << (stride / this.grain - this.#apart);
        this.#hasNeighbours = stride > WORD;
        this.multiplier = this.#fill(words, stride);
    }
    /**
     * The bits of the offsets at which `words[index]` may lie in a window, so that its neighbours, where the window has
     * them whole, may lie there as well.
     */
    offsetsAt(words, index) {
        const here = this.#offsetsOf(words[index]);
        if (!this.#hasNeighbours)
            return here;
        const behind = index > 0 ? this.#offsetsOf(words[index - 1]) << this.#apart : 0;
        const ahead = index + 1 < words.length ? this.#offsetsOf(words[index + 1]) >>> this.#apart : 0;
        return here & (behind | this.#head) & (ahead | this.#tail);
    }
    #offsetsOf(word) {
        return this.table[Math.imul(word, this.multiplier) >>> this.shift];
    }
    /**
     * Fills the table and returns the multiplier: the first by which no filler that is in no window shares the index of a
     * word that is, or the last. Else one chance in 64 would make a file of zeros cost ten times as much.
     */
    #fill(words, stride) {
        const absent = FILLERS.filter((word) => !words.includes(word));
        let multiplier = 0;
        for (multiplier of MULTIPLIERS) {
            this.table.fill(0);
            for (let i = 0; i < words.length; i++) {
                const index = Math.imul(words[i], multiplier) >>> this.shift;
                this.table[index] = this.table[index] | (1 << Math.floor((i % stride) / this.grain));
            }
            if (absent.every((word) => this.table[Math.imul(word, multiplier) >>> this.shift] === 0))
                break;
        }
        return multiplier;
    }
}

;// CONCATENATED MODULE: ./build/js/scan/matcher-window.js
/**
 * Which bytes of a needle to look for first. A needle is found by one window of it; the rest is compared only where the
 * window is there. A good window is rare in what gets searched.
 */
/** Positions of a needle that are weighed: enough to get past a common head, few enough for needles of 64 KiB. */
const MOST_POSITIONS = 64;
/**
 * More than any window weighs. A window that other needles have taken costs nothing more to look for, and the forms of
 * one secret have much in common; but all needles of a window are compared where it is found.
 */
const SHARED = 1000;
const MOST_SHARED = 64;
/** Mean weight of a byte of a window that is worth sharing: more than in a text of small letters and blanks. */
const LEAST_SHARED = 2;
/** How telling each byte is: zeros and blanks fill files, small letters fill texts, the rest is rarer. */
const WEIGHTS = Uint8Array.from({ length: 256 }, (_, byte) => {
    if (byte === 0x00 || byte === 0xff || byte === 0x20 || byte === 0x0a)
        return 0;
    if (byte >= 0x61 && byte <= 0x7a)
        return 2;
    if (byte >= 0x30 && byte <= 0x39)
        return 3;
    return 4;
});
/** Four bytes as a number, the first lowest. */
function wordAt(bytes, at) {
    return (bytes[at] |
        (bytes[at + 1] << 8) |
        (bytes[at + 2] << 16) |
        (bytes[at + 3] << 24));
}
/** A signed 32-bit hash of the `width` bytes from `from` on; `width` is at least 4. */
function hashWindow(bytes, from, width) {
    const last = from + width - 4;
    let hash = wordAt(bytes, last);
    for (let at = from; at < last; at += 4) {
        hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b) ^ wordAt(bytes, at);
    }
    hash = Math.imul(hash ^ (hash >>> 16), 0xc2b2ae35);
    return hash ^ (hash >>> 15);
}
/** Sum of the weights of the window's bytes; a byte that repeats the one before it says nothing. */
function weigh(bytes, from, width) {
    let sum = 0;
    let before = -1;
    for (let i = from; i < from + width; i++) {
        const byte = bytes[i];
        if (byte !== before)
            sum += WEIGHTS[byte];
        before = byte;
    }
    return sum;
}
/**
 * Chooses windows of one width for needle after needle.
 * `width` must be at most the length of each needle.
 */
class WindowChooser {
    #width;
    /** By hash. Of two windows with one hash only the first is here. */
    #taken = new Map();
    constructor(width) {
        this.#width = width;
    }
    /** The best window of `bytes`, which then counts as taken. */
    choose(bytes) {
        const last = bytes.length - this.#width;
        const step = Math.max(1, Math.ceil(last / (MOST_POSITIONS - 1)));
        let best = this.#weighed(bytes, 0);
        for (let start = step; start < last + step; start += step) {
            const next = this.#weighed(bytes, Math.min(start, last));
            if (next.score > best.score)
                best = next;
        }
        const { start, hash, taken } = best;
        if (taken !== undefined)
            taken.times++;
        else if (!this.#taken.has(hash))
            this.#taken.set(hash, { bytes, start, times: 1 });
        return { start, hash, isNew: taken === undefined };
    }
    #weighed(bytes, start) {
        const hash = hashWindow(bytes, start, this.#width);
        const known = this.#taken.get(hash);
        const taken = known !== undefined && this.#isSame(known, bytes, start) ? known : undefined;
        const weight = weigh(bytes, start, this.#width);
        return { start, hash, taken, score: weight + this.#sharing(weight, taken) };
    }
    #sharing(weight, taken) {
        if (taken === undefined)
            return 0;
        if (taken.times >= MOST_SHARED)
            return -SHARED;
        return weight >= LEAST_SHARED * this.#width ? SHARED : 0;
    }
    #isSame(known, bytes, start) {
        for (let i = 0; i < this.#width; i++)
            if (known.bytes[known.start + i] !== bytes[start + i])
                return false;
        return true;
    }
}

;// CONCATENATED MODULE: ./build/js/scan/matcher.js
/**
 * Searches for many needles at once. Every `stride` bytes of the text one four-byte word is looked up; each needle has
 * a window of `stride + 3` bytes all of whose `stride` words are known, so that wherever the needle lies, exactly one
 * sampled word is in its window. Unlike the jumps of Wu and Manber (1994), where to look next does not hang on what was
 * just read: the processor does several look-ups at a time, and many needles cost no more than few.
 *
 * Four steps, each of which few places pass: the word (matcher-probe.ts), a bit for the hash of the window
 * (matcher-window.ts), the hash itself, all bytes of the needle.
 */



/** Shortest needle that a {@link Matcher} takes, in bytes: anything shorter would be found by chance. */
const SHORTEST_NEEDLE = 8;
/** A wider stride saves nothing: memory is then the limit. */
const WIDEST_STRIDE = 16;
/** Bits a needle in the set of window hashes. */
const matcher_ROOM = 32;
/** From this length on comparing has to be proof against repeating text. */
const LONG = 128;
/** The widest stride, a multiple of the word size, for which every needle has a whole window. */
function strideFor(shortest) {
    return Math.min(WIDEST_STRIDE, Math.floor((shortest - WORD + 1) / WORD) * WORD);
}
/** Built once, used for every item. Not re-entrant: `onMatch` must not search with the same matcher. */
class Matcher {
    /** Length of the longest needle in bytes; 0 when there are none. */
    longest;
    #stride;
    #window;
    #probe;
    /** Bit `hash & #hashMask` is set for the hash of each needle's window. */
    #hashes;
    #hashMask;
    #buckets;
    /** The memory searched last, as words and as bytes: made anew only when another memory is given. */
    #words = new Int32Array(0);
    #bytes = new Uint8Array(0);
    /** The range searched, in indexes of that memory, and what is to be told. */
    #from = 0;
    #to = 0;
    #offset = 0;
    #onMatch = () => undefined;
    #pass = 0;
    /** Throws a RangeError when a needle is shorter than {@link SHORTEST_NEEDLE}. */
    constructor(needles) {
        const lengths = needles.map((needle) => needle.bytes.length);
        const shortest = lengths.reduce((a, b) => Math.min(a, b), Infinity);
        if (shortest < SHORTEST_NEEDLE)
            throw new RangeError(`a needle must have at least ${SHORTEST_NEEDLE} bytes`);
        this.longest = lengths.reduce((a, b) => Math.max(a, b), 0);
        this.#stride = strideFor(shortest);
        this.#window = this.#stride + WORD - 1;
        const size = 2 ** (32 - Math.clz32(needles.length));
        this.#hashes = new Int32Array((size * matcher_ROOM) / 32);
        this.#hashMask = size * matcher_ROOM - 1;
        this.#buckets = new Array(size).fill(null);
        this.#probe = new Probe(this.#index(needles), this.#stride);
    }
    /**
     * Calls `onMatch` for every occurrence of every needle that lies within `[from, to)` of `bytes`, with the index in
     * `bytes` at which it starts. Occurrences of one needle come in order; of different needles in no promised order.
     */
    search(bytes, from, to, onMatch) {
        if (this.longest === 0)
            return;
        if (this.#bytes.buffer !== bytes.buffer || this.#bytes.length !== bytes.buffer.byteLength)
            this.#enter(bytes.buffer);
        this.#offset = bytes.byteOffset;
        this.#from = bytes.byteOffset + from;
        this.#to = bytes.byteOffset + to;
        this.#onMatch = onMatch;
        this.#pass++;
        this.#sample();
    }
    /** Whether any needle occurs in `bytes`. */
    has(bytes) {
        let found = false;
        this.search(bytes, 0, bytes.length, () => {
            found = true;
        });
        return found;
    }
    /** Fills the set of hashes and the buckets; returns the words of all windows, one window after the other. */
    #index(needles) {
        const chooser = new WindowChooser(this.#window);
        const words = new Int32Array(needles.length * this.#stride);
        // By way of memory, as the text's words are read: right in either byte order.
        const bytesOfWords = new Uint8Array(words.buffer);
        let windows = 0;
        for (const needle of needles) {
            const { start, hash, isNew } = chooser.choose(needle.bytes);
            const bucket = hash & (this.#buckets.length - 1);
            const long = needle.bytes.length >= LONG ? new LongCompare(needle.bytes) : null;
            this.#buckets[bucket] = { needle, start, hash, long, next: this.#buckets[bucket] ?? null };
            if (!isNew)
                continue;
            const bit = hash & this.#hashMask;
            this.#hashes[bit >>> 5] = this.#hashes[bit >>> 5] | (1 << bit);
            for (let offset = 0; offset < this.#stride; offset++) {
                const word = needle.bytes.subarray(start + offset, start + offset + WORD);
                bytesOfWords.set(word, (windows * this.#stride + offset) * WORD);
            }
            windows++;
        }
        return words.subarray(0, windows * this.#stride);
    }
    #enter(memory) {
        this.#words = new Int32Array(memory, 0, Math.floor(memory.byteLength / WORD));
        this.#bytes = new Uint8Array(memory, 0, memory.byteLength);
    }
    /** Looks up every word that starts at a multiple of the stride and lies in the range; four at a time while it can. */
    #sample() {
        const { table, shift, multiplier } = this.#probe;
        const words = this.#words;
        const step = this.#stride / WORD;
        const end = Math.floor(this.#to / WORD);
        let at = Math.ceil(this.#from / this.#stride) * step;
        for (const last = end - 3 * step; at < last; at += 4 * step) {
            const a = table[Math.imul(words[at], multiplier) >>> shift];
            const b = table[Math.imul(words[at + step], multiplier) >>> shift];
            const c = table[Math.imul(words[at + 2 * step], multiplier) >>> shift];
            const d = table[Math.imul(words[at + 3 * step], multiplier) >>> shift];
            if ((a | b | c | d) === 0)
                continue;
            if (a !== 0)
                this.#lookAround(at);
            if (b !== 0)
                this.#lookAround(at + step);
            if (c !== 0)
                this.#lookAround(at + 2 * step);
            if (d !== 0)
                this.#lookAround(at + 3 * step);
        }
        for (; at < end; at += step)
            this.#lookAround(at);
    }
    /** A sampled word may be in windows: looks for them from left to right. */
    #lookAround(index) {
        const { grain } = this.#probe;
        let bits = this.#probe.offsetsAt(this.#words, index);
        while (bits !== 0) {
            const bit = 31 - Math.clz32(bits);
            bits ^= 1 << bit;
            const start = index * WORD - bit * grain;
            if (grain === 2)
                this.#lookAt(start - 1);
            this.#lookAt(start);
        }
    }
    /** Compares each needle whose window has the hash of the one at `start`. */
    #lookAt(start) {
        if (start < this.#from || start + this.#window > this.#to)
            return;
        const hash = hashWindow(this.#bytes, start, this.#window);
        const bit = hash & this.#hashMask;
        if (((this.#hashes[bit >>> 5] >>> bit) & 1) === 0)
            return;
        let entry = this.#buckets[hash & (this.#buckets.length - 1)] ?? null;
        for (; entry !== null; entry = entry.next) {
            const first = start - entry.start;
            if (entry.hash === hash && this.#isAt(entry, first))
                this.#onMatch(entry.needle, first - this.#offset);
        }
    }
    #isAt({ needle: { bytes }, long }, start) {
        const text = this.#bytes;
        if (start < this.#from || start + bytes.length > this.#to)
            return false;
        if (long !== null)
            return long.at(text, start, this.#pass);
        for (let i = 0; i < bytes.length; i++)
            if (text[start + i] !== bytes[i])
                return false;
        return true;
    }
}

;// CONCATENATED MODULE: external "node:fs"
const external_node_fs_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:fs");
;// CONCATENATED MODULE: ./build/js/scan/walk-open.js
/**
 * Opens by descriptor. Node has no openat(2), but `/proc/self/fd/N/name` is the same (proc_pid_fd(5)): nobody can swap a
 * directory on the way for a symlink, and no path grows too long.
 *
 * Names and paths here are latin1: each character stands for one byte, so that names that are no UTF-8 survive.
 */

/** open(2): a descriptor that only names the file. The same number on every architecture that Node runs on. */
const O_PATH = 0o10000000;
const DIRECTORY = external_node_fs_namespaceObject.constants.O_RDONLY | external_node_fs_namespaceObject.constants.O_DIRECTORY | external_node_fs_namespaceObject.constants.O_NOFOLLOW;
const FILE = external_node_fs_namespaceObject.constants.O_RDONLY | external_node_fs_namespaceObject.constants.O_NONBLOCK;
/** Opening does not change the time of last access; may be refused to who is not the owner. */
let noatime = external_node_fs_namespaceObject.constants.O_NOATIME;
const NOT_ASCII = /[\x80-\xff]/;
/** A latin1 path as Node takes it: as text it would become UTF-8. */
function raw(path) {
    return NOT_ASCII.test(path) ? Buffer.from(path, 'latin1') : path;
}
/** UTF-8 text as a latin1 path, byte for byte. */
function toLatin1(text) {
    return Buffer.from(text, 'utf8').toString('latin1');
}
/** The path of an entry of an open directory; without a name, of what is open itself. */
function pathAt(fd, name) {
    return name === null ? `/proc/self/fd/${fd}` : `/proc/self/fd/${fd}/${name}`;
}
/** PATH_MAX (linux/limits.h), less the longest name. */
const LONGEST_BASE = 4096 - 256 - 2;
/**
 * By which path the entries of an open directory are opened. Where nobody can change the tree meanwhile the whole path is
 * as safe as the descriptor and takes a quarter less time; where it would be too long, or somebody can, the descriptor.
 */
function frameBase(fd, of) {
    const whole = of.path === '' ? of.root : `${of.root}/${of.path}`;
    return of.careful || whole.length > LONGEST_BASE ? pathAt(fd, null) : whole;
}
/** Opens a directory for listing; a symlink or anything else is an error. */
function openDirectory(path) {
    return (0,external_node_fs_namespaceObject.openSync)(raw(path), DIRECTORY);
}
/** Opens a directory at the end of a path whose symlinks are followed. Only for roots, which are trusted. */
function openRoot(path) {
    return (0,external_node_fs_namespaceObject.openSync)(raw(path), external_node_fs_namespaceObject.constants.O_RDONLY | external_node_fs_namespaceObject.constants.O_DIRECTORY);
}
/** Opens for reading what was listed as a regular file; never follows a link, never waits for the other end of a pipe. */
function openFile(path) {
    return openQuietly(path, FILE | external_node_fs_namespaceObject.constants.O_NOFOLLOW);
}
/** Opens for reading what a descriptor of {@link openNameOnly} names: the link in /proc leads to that very file. */
function openNamed(fd) {
    return openQuietly(pathAt(fd, null), FILE);
}
function openQuietly(path, flags) {
    try {
        return (0,external_node_fs_namespaceObject.openSync)(raw(path), flags | noatime);
    }
    catch (error) {
        if (noatime === 0 || errorCode(error) !== 'EPERM')
            throw error;
        noatime = 0;
        return (0,external_node_fs_namespaceObject.openSync)(raw(path), flags);
    }
}
/** A descriptor that names whatever is there, also a symlink, without opening it: a device or pipe notices nothing. */
function openNameOnly(path) {
    return (0,external_node_fs_namespaceObject.openSync)(raw(path), O_PATH | external_node_fs_namespaceObject.constants.O_NOFOLLOW);
}
/** The same at the end of a path whose symlinks are followed. Only for roots, which are trusted. */
function openRootNameOnly(path) {
    return (0,external_node_fs_namespaceObject.openSync)(raw(path), O_PATH);
}
/** Opens the directory at `path` below an open one, component by component, following no link. Closes nothing of others. */
function openBelow(root, path) {
    let fd = openDirectory(pathAt(root, '.'));
    for (const name of path.split('/')) {
        if (name === '')
            continue;
        try {
            const next = openDirectory(pathAt(fd, name));
            (0,external_node_fs_namespaceObject.closeSync)(fd);
            fd = next;
        }
        catch (error) {
            (0,external_node_fs_namespaceObject.closeSync)(fd);
            throw error;
        }
    }
    return fd;
}
/** A short reason for an error of a file system call: its code, never its message, which holds the path. */
function errorCode(error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
    return typeof code === 'string' ? code : 'unknown error';
}

;// CONCATENATED MODULE: ./build/js/kernel/fstype.js
/** File system types by what they mean for a secret. */
/** f_type of statfs(2). */
const MAGIC = new Map([
    [0x01021994, 'tmpfs'],
    [0x858458f6, 'ramfs'],
    [0x794c7630, 'overlay'],
    [0xef53, 'ext4'],
    [0x58465342, 'xfs'],
    [0x9123683e, 'btrfs'],
    [0x9fa0, 'proc'],
    [0x62656572, 'sysfs'],
    [0x65735546, 'fuse'],
    [0x6969, 'nfs']
]);
/** The name for a number of statfs; null when it is none that we know. */
function fstypeOf(magic) {
    return MAGIC.get(magic) ?? null;
}
const MEMORY = new Set(['tmpfs', 'ramfs']);
/** Interfaces of the kernel: no disk behind them, and nothing of a program's data to read. */
const KERNEL = new Set([
    'proc',
    'sysfs',
    'cgroup',
    'cgroup2',
    'devpts',
    'devtmpfs',
    'mqueue',
    'securityfs',
    'debugfs',
    'tracefs',
    'bpf',
    'pstore',
    'configfs',
    'selinuxfs',
    'binfmt_misc',
    'nsfs',
    'hugetlbfs'
]);
/** Whether files of this type are kept in memory only (and in swap). */
function isMemory(fstype) {
    return MEMORY.has(fstype);
}
/** Whether it is an interface of the kernel. */
function isKernel(fstype) {
    return KERNEL.has(fstype);
}

;// CONCATENATED MODULE: ./build/js/kernel/mountinfo.js


/**
 * The text with `\040`-like escapes resolved: the kernel writes blanks, backslashes and separators so (seq_path and
 * seq_show_option in fs/seq_file.c).
 */
function mountinfo_unescapeOctal(text) {
    return text.replace(/\\([0-3][0-7]{2})/g, (_, octal) => String.fromCharCode(parseInt(octal, 8)));
}
/** All mounts, in the order of the file: of several at one path, the last is the one on top. Throws on a bad line. */
function parseMountinfo(text) {
    return text
        .split('\n')
        .filter((line) => line !== '')
        .map(parseLine);
}
function parseLine(line) {
    const fields = line.split(' ');
    const separator = fields.indexOf('-', 6);
    const [id, parent, device, root, mountPoint, flags] = fields;
    const [fstype, source, superOptions] = fields.slice(separator + 1);
    if (separator === -1 || flags === undefined || fstype === undefined || source === undefined)
        throw new SyntaxError('a line of mountinfo has too few fields');
    return {
        id: Number(id),
        parent: Number(parent),
        device: device ?? '',
        root: mountinfo_unescapeOctal(root ?? ''),
        mountPoint: mountinfo_unescapeOctal(mountPoint ?? ''),
        flags: flags.split(','),
        fstype: mountinfo_unescapeOctal(fstype),
        source: mountinfo_unescapeOctal(source),
        superOptions: (superOptions ?? '').split(',')
    };
}
/** The value of `name=` among the file system's options, escapes resolved; null when it is not there. */
function mountinfo_superOption(superOptions, name) {
    const found = superOptions.find((option) => option.startsWith(`${name}=`));
    return found === undefined ? null : mountinfo_unescapeOctal(found.slice(name.length + 1));
}
/** Whether `path` is `parent` or lies under it; both absolute and normalised. */
function isWithin(path, parent) {
    return parent === '/' || path === parent || path.startsWith(`${parent}/`);
}
/**
 * The mount that `path` lies on: the last one of the longest mount point, unless a mount over one of its parents hides
 * it.
 */
function mountOf(mounts, path) {
    let best = null;
    for (const mount of mounts) {
        if (!isWithin(path, mount.mountPoint))
            continue;
        if (best === null || mount.mountPoint.length >= best.mountPoint.length || hides(mounts, mount, best))
            best = mount;
    }
    return best;
}
/** Whether a mount, later than `below` and over a parent of it, hides it: it was not mounted on top of this one. */
function hides(mounts, mount, below) {
    if (mount.mountPoint === '/')
        return false;
    for (let line = below; line !== undefined; line = parentOf(mounts, line))
        if (line.id === mount.id)
            return false;
    return true;
}
function parentOf(mounts, line) {
    return line.parent === line.id ? undefined : mounts.find((each) => each.id === line.parent);
}
/** Bytes of `size=` as the kernel shows it; null: not shown, or 0, so no limit but that of the memory (tmpfs(5)). */
function sizeLimit(mount) {
    const match = /^(\d+)k$/.exec(mountinfo_superOption(mount.superOptions, 'size') ?? '');
    const bytes = match === null ? 0 : Number(match[1]) * 1024;
    return bytes === 0 ? null : bytes;
}
/**
 * Mounts that are not memory at a path, over it (at a parent directory: whatever the program writes beside the tmpfs, or at
 * the path once the tmpfs is gone, is on that disk) and below it. Interfaces of the kernel hold no data. `path`: resolved.
 */
function foreignMounts(mounts, path) {
    return mounts.flatMap((mount) => {
        if (mount.mountPoint === '/' || isMemory(mount.fstype) || isKernel(mount.fstype))
            return [];
        const relation = relationOf(mount.mountPoint, path);
        return relation === null ? [] : [{ path: mount.mountPoint, relation, fstype: mount.fstype, what: kindOf(mount) }];
    });
}
function relationOf(mountPoint, path) {
    if (mountPoint === path)
        return 'at';
    if (isWithin(path, mountPoint))
        return 'over';
    return isWithin(mountPoint, path) ? 'below' : null;
}
/** A volume of the engine is a bind of `…/volumes/NAME/_data` (moby, volume/local). */
function kindOf(mount) {
    const volume = /\/volumes\/([^/]+)\/_data$/.exec(mount.root);
    if (volume?.[1] !== undefined)
        return `volume ${volume[1]}`;
    return mount.root === '/' ? mount.fstype : 'bind';
}
/**
 * Mount points in memory outside the declared paths. The kernel's own (`/proc/acpi` and `/sys/firmware` are covered by
 * empty ones, read-only) are left out; `/dev` is not: a program may write there as well.
 */
function otherMemory(mounts, declared) {
    const paths = mounts
        .map((mount) => mount.mountPoint)
        .filter((path) => isMemory(mountOf(mounts, path)?.fstype ?? ''))
        .filter((path) => !['/proc', '/sys'].some((kernel) => isWithin(path, kernel)))
        .filter((path) => !declared.some((each) => isWithin(path, each)));
    return [...new Set(paths)];
}

;// CONCATENATED MODULE: ./build/js/kernel/process.js
/** What /proc says about one process. Pure. */
/** Reads /proc/<pid>/status (proc_pid_status(5)); null when a field is missing. */
function parseStatus(text) {
    const field = (name) => new RegExp(`^${name}:[ \\t]*(.*)$`, 'm').exec(text)?.[1] ?? null;
    const ids = (name) => (field(name) ?? '').split(/\s+/).filter(Boolean).map(Number);
    const [uid, gid] = [ids('Uid')[1], ids('Gid')[1]];
    const [capEff, sigCgt] = [field('CapEff'), field('SigCgt')];
    if (uid === undefined || gid === undefined || capEff === null || sigCgt === null)
        return null;
    return { uid, gid, groups: ids('Groups'), capEff: BigInt(`0x${capEff}`), sigCgt: BigInt(`0x${sigCgt}`) };
}
/** Whether a handler is set for the signal. Without one for SIGTERM a container's first process ignores it (signal(7)). */
function handles(status, signal) {
    return ((status.sigCgt >> BigInt(signal - 1)) & 1n) === 1n;
}
/** Capabilities of capability.h that pass file permissions. */
const CAP_DAC_OVERRIDE = 1;
const CAP_DAC_READ_SEARCH = 2;
/** Whether a set of capabilities holds one. */
function hasCapability(set, capability) {
    return ((set >> BigInt(capability)) & 1n) === 1n;
}
/**
 * Field 22 of /proc/<pid>/stat (proc_pid_stat(5)): the start time in ticks after boot, which with the pid names one
 * process for good; null for text of another shape. The name in field 2 may hold blanks and brackets.
 */
function startTime(stat) {
    const field = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return field !== undefined && /^\d+$/.test(field) ? field : null;
}
/** Reads uid_map or gid_map (user_namespaces(7)). */
function parseIdMap(text) {
    return text
        .split('\n')
        .map((line) => line.trim().split(/\s+/).map(Number))
        .filter((each) => each.length === 3)
        .map(([inside = 0, outside = 0, count = 0]) => ({ inside, outside, count }));
}
/** What the kernel shows for an id without a counterpart (/proc/sys/kernel/overflowuid). */
const OVERFLOW_ID = 65534;
/** The id as the container counts, of one as the host counts; {@link OVERFLOW_ID} where it has none. */
function idInside(map, outside) {
    const range = map.find((each) => outside >= each.outside && outside < each.outside + each.count);
    return range === undefined ? OVERFLOW_ID : range.inside + outside - range.outside;
}
/** The id as the host counts, of one as the container counts; the same where it has none: no process can have it. */
function idOutside(map, inside) {
    const range = map.find((each) => inside >= each.inside && inside < each.inside + each.count);
    return range === undefined ? inside : range.outside + inside - range.inside;
}

;// CONCATENATED MODULE: external "node:child_process"
const external_node_child_process_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:child_process");
;// CONCATENATED MODULE: ./build/js/reader/helpers.js
/** Tools of the host that do what Node cannot. */
/** All that they get of an environment: never that of whoever started us. */
const HELPER_ENV = {
    PATH: '/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/bin',
    LC_ALL: 'C'
};

;// CONCATENATED MODULE: ./build/js/reader/in-root.js
/** Paths of a container, resolved in its own root: an absolute symlink of the image must never lead into the host. */



/** As the kernel allows in one path (path_resolution(7)). */
const MOST_LINKS = 40;
/** Directories from the root down to where the resolution stands, each open. */
class Branch {
    #fds;
    #names = [];
    constructor(root) {
        this.#fds = [root];
    }
    get top() {
        return this.#fds.at(-1) ?? -1;
    }
    get names() {
        return this.#names;
    }
    down(name, fd) {
        this.#names.push(name);
        this.#fds.push(fd);
    }
    /** The root is its own parent. */
    up() {
        if (this.#names.pop() === undefined)
            return;
        const fd = this.#fds.pop();
        if (fd !== undefined)
            (0,external_node_fs_namespaceObject.closeSync)(fd);
    }
    toRoot() {
        while (this.#names.length > 0)
            this.up();
    }
    /** Takes the last descriptor out, the caller's from now on, and closes the others but for the root's. */
    take() {
        const fd = this.#names.length === 0 ? openNameOnly(pathAt(this.top, '.')) : (this.#fds.pop() ?? null);
        for (const each of this.#fds.splice(1))
            (0,external_node_fs_namespaceObject.closeSync)(each);
        return fd;
    }
    close() {
        for (const each of this.#fds.splice(1))
            (0,external_node_fs_namespaceObject.closeSync)(each);
    }
}
/**
 * Resolves every component below an open root directory. Throws where a loop of links, a link in /proc (which stands for
 * something of the process that looks) or a missing right keeps it from being known.
 */
function resolveInRoot(root, path) {
    const todo = path.split('/');
    const branch = new Branch(root);
    let links = 0;
    try {
        for (let name = todo.shift(); name !== undefined; name = todo.shift()) {
            if (name === '')
                continue;
            if (!(0,external_node_fs_namespaceObject.fstatSync)(branch.top).isDirectory())
                return { path: normal([...branch.names, name, ...todo]), fd: null };
            if (name === '.')
                continue;
            if (name === '..') {
                branch.up();
                continue;
            }
            const fd = openEntry(branch.top, name);
            if (fd === null)
                return { path: normal([...branch.names, name, ...todo]), fd: null };
            if (!(0,external_node_fs_namespaceObject.fstatSync)(fd).isSymbolicLink()) {
                branch.down(name, fd);
                continue;
            }
            (0,external_node_fs_namespaceObject.closeSync)(fd);
            links += 1;
            if (links > MOST_LINKS)
                throw failure('goes through too many symbolic links');
            const target = linkTarget(branch.top, name);
            if (target.startsWith('/'))
                branch.toRoot();
            todo.unshift(...target.split('/'));
        }
        const resolved = normal(branch.names);
        return { path: resolved, fd: branch.take() };
    }
    finally {
        branch.close();
    }
}
/** Resolves, lets `use` look at what is there, and closes it. null: nothing is there. */
function lookInRoot(root, path, use) {
    const { path: resolved, fd } = resolveInRoot(root, path);
    if (fd === null)
        return null;
    try {
        return use({ path: resolved, fd });
    }
    finally {
        (0,external_node_fs_namespaceObject.closeSync)(fd);
    }
}
function openEntry(directory, name) {
    try {
        return openNameOnly(pathAt(directory, name));
    }
    catch (error) {
        if (['ENOENT', 'ENOTDIR'].includes(errorCode(error)))
            return null;
        throw error;
    }
}
function linkTarget(directory, name) {
    if (fstypeOf((0,external_node_fs_namespaceObject.statfsSync)(pathAt(directory, null)).type) === 'proc')
        throw failure('goes through a link of /proc');
    return (0,external_node_fs_namespaceObject.readlinkSync)(raw(pathAt(directory, name)), { encoding: 'latin1' });
}
function normal(names) {
    const done = [];
    for (const name of names) {
        if (name === '..')
            done.pop();
        else if (name !== '' && name !== '.')
            done.push(name);
    }
    return `/${done.join('/')}`;
}
function failure(reason) {
    return Object.assign(new Error(reason), { code: reason });
}

;// CONCATENATED MODULE: ./build/js/reader/access.js
/**
 * Tries access as users of the container, by the kernel's own answer: a child of ours, started in the container's root
 * directory, takes their ids and opens each path. Nothing of the image is run, so it works for images without tools.
 */





const TRY_MS = 20_000;
/** For each try and path whether it is allowed; null: could not be tried. `program`: our own bundle. */
async function tryAccess(held, root, of) {
    const results = of.tries.map((attempt) => attempt.paths.map(() => null));
    await Promise.all(batches(of.tries).map(async (batch) => {
        const answers = await runBatch(held, { root, ...of, batch });
        batch.members.forEach((member, index) => {
            const answer = answers?.[index];
            if (answer?.length === results[member]?.length && answer !== undefined)
                results[member] = answer;
        });
    }));
    return results;
}
/** Writing needs the real ids, so each who writes gets a child of its own; all the others share one. */
function batches(tries) {
    const key = (attempt) => JSON.stringify([attempt.uid, attempt.gid, attempt.groups, attempt.bare]);
    const alone = new Set(tries.filter((attempt) => attempt.want === 'w' || attempt.bare).map(key));
    const found = new Map();
    tries.forEach((attempt, index) => {
        const forGood = alone.has(key(attempt));
        const name = forGood ? key(attempt) : 'shared';
        const batch = found.get(name) ?? { bare: attempt.bare, forGood, members: [] };
        batch.members.push(index);
        found.set(name, batch);
    });
    return [...found.values()];
}
async function runBatch(held, of) {
    const { batch, program } = of;
    const tries = batch.members.flatMap((member) => of.tries[member] ?? []);
    const input = {
        forGood: batch.forGood,
        tries: tries.map(({ uid, gid, groups, want, paths }) => {
            return { uid, gid, groups, want, paths: paths.map((path) => resolved(of.root, path)) };
        })
    };
    const node = [process.execPath, program, '--try'];
    const capabilities = '-dac_override,-dac_read_search';
    // setpriv is of util-linux; without it such a root cannot be played.
    const drop = ['setpriv', `--bounding-set=${capabilities}`, `--inh-caps=${capabilities}`];
    const answer = await runChild(batch.bare ? [...drop, ...node] : node, `/proc/${held.pid}/root`, JSON.stringify(input));
    return answer === null ? null : tries.map((attempt, index) => judged(held, attempt, answer[index]));
}
function resolved(root, path) {
    try {
        const place = resolveInRoot(root, toLatin1(path));
        if (place.fd === null)
            return null;
        (0,external_node_fs_namespaceObject.closeSync)(place.fd);
        return place.path;
    }
    catch (error) {
        if (errorCode(error) === 'unknown error')
            throw error;
        // A loop of links, or a link of /proc: there is no path to try.
        return null;
    }
}
/** In a user namespace its root may pass permissions that the same number of the host may not: no refusal is certain. */
function judged(held, attempt, answer) {
    const none = attempt.paths.map(() => null);
    const [first] = held.uidMap();
    const mapped = first?.outside !== 0 && attempt.uid === first?.outside && !attempt.bare;
    return (answer ?? none).map((allowed) => (mapped && allowed === false ? null : allowed));
}
function runChild(words, cwd, input) {
    return new Promise((resolve) => {
        const [file = '', ...args] = words;
        const child = (0,external_node_child_process_namespaceObject.spawn)(file, args, { cwd, env: HELPER_ENV, stdio: ['pipe', 'pipe', 'ignore'] });
        const timer = setTimeout(() => child.kill('SIGKILL'), TRY_MS);
        const parts = [];
        const end = (tried) => {
            clearTimeout(timer);
            resolve(tried);
        };
        child.once('error', () => {
            end(null);
        });
        child.once('close', (code) => {
            end(code === 0 ? JSON.parse(Buffer.concat(parts).toString()) : null);
        });
        child.stdout.on('data', (part) => parts.push(part));
        child.stdin.on('error', () => undefined);
        child.stdin.end(input);
    });
}

;// CONCATENATED MODULE: external "node:path"
const external_node_path_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:path");
;// CONCATENATED MODULE: ./build/js/kernel/cgroup.js
/** Parses /proc/<pid>/cgroup. */
/** Parses the lines `id:controllers:path`; paths are as seen from the reader's cgroup namespace. */
function parseCgroup(text) {
    return text
        .split('\n')
        .map((line) => /^\d+:([^:]*):(.*)$/.exec(line))
        .flatMap((found) => found === null
        ? []
        : [{ controllers: (found[1] ?? '').split(',').filter((each) => each !== ''), path: found[2] ?? '' }]);
}
/**
 * Whether a cgroup's path belongs to the container: one of its directories is the ID, or `docker-<id>.scope`,
 * `libpod-<id>.scope` and the like (systemd's cgroup driver). `containerId` must be the full ID of 64 digits.
 */
function belongsTo(lines, containerId) {
    const names = new RegExp(`^(?:[a-z-]+-)?${containerId}(?:\\.scope)?$`);
    return lines.some((line) => line.path.split('/').some((directory) => names.test(directory)));
}
/** The path in the hierarchy of a controller: of version 1, else the one of version 2. null: neither. */
function cgroupPath(lines, controller) {
    const first = lines.find((line) => line.controllers.includes(controller));
    if (first !== undefined)
        return { version: 1, path: first.path };
    const second = lines.find((line) => line.controllers.length === 0);
    return second === undefined ? null : { version: 2, path: second.path };
}

;// CONCATENATED MODULE: ./build/js/kernel/swap.js
/** Judges what the kernel says about swap. Pure. */
/** Whether any swap is on: /proc/swaps has a heading and then a line for each area (proc_swaps(5)). */
function hasSwap(swaps) {
    return swaps.split('\n').some((line, index) => index > 0 && line.trim() !== '');
}
/**
 * Whether a container may swap: no level, from its own cgroup up, forbids it. null when no level has a limit file, as on
 * a kernel that does not account swap.
 */
function maySwap(levels) {
    for (const level of levels) {
        if (level.swapMax === '0')
            return { may: false, detail: 'memory.swap.max is 0' };
        if (level.memsw !== null &&
            level.limit !== null &&
            isLimit(level.limit) &&
            BigInt(level.memsw) <= BigInt(level.limit))
            return { may: false, detail: 'memory.memsw.limit_in_bytes equals memory.limit_in_bytes' };
    }
    const [own] = levels;
    if (own?.swappiness === '0')
        return { may: false, detail: 'memory.swappiness is 0' };
    for (const [name, value] of [
        ['memory.swap.max', own?.swapMax],
        ['memory.memsw.limit_in_bytes', own?.memsw],
        ['memory.swappiness', own?.swappiness]
    ])
        if (typeof value === 'string')
            return { may: true, detail: `${name} is ${value}` };
    return { may: null, detail: 'the kernel shows no swap limit of the container' };
}
/** Version 1 writes "no limit" as the largest number of whole pages. */
function isLimit(bytes) {
    return BigInt(bytes) < 2n ** 62n;
}

;// CONCATENATED MODULE: ./build/js/scan/redact.js
const MASK = '[secret]';
/** The ranges of `bytes` that match, merged where they touch, in order. */
function matchedRanges(bytes, matcher) {
    const found = [];
    matcher.search(bytes, 0, bytes.length, (needle, from) => found.push({ from, to: from + needle.bytes.length }));
    found.sort((a, b) => a.from - b.from);
    const merged = [];
    for (const range of found) {
        const last = merged.at(-1);
        if (last !== undefined && range.from <= last.to)
            last.to = Math.max(last.to, range.to);
        else
            merged.push(range);
    }
    return merged;
}
function redactAs(text, encoding, matcher) {
    const bytes = Buffer.from(text, encoding);
    const ranges = matchedRanges(bytes, matcher);
    if (ranges.length === 0)
        return text;
    let from = 0;
    const kept = ranges.map((range) => {
        const before = bytes.toString(encoding, from, range.from);
        from = range.to;
        return before + MASK;
    });
    return kept.join('') + bytes.toString(encoding, from);
}
/**
 * `text` with every match replaced by `[secret]`, however long the match. The text is searched as UTF-8 and, where each
 * of its characters stands for one byte, as those bytes. Redact before escaping: an escaped secret is not found.
 */
function redact(text, matcher) {
    const bytewise = Buffer.from(text, 'latin1').toString('latin1') === text;
    return redactAs(bytewise ? redactAs(text, 'latin1', matcher) : text, 'utf8', matcher);
}
const MOST_CHARACTERS = 200;
function escapeCharacter(character) {
    if (/^[ -~]$/.test(character))
        return character;
    const code = character.codePointAt(0) ?? 0;
    const digits = code.toString(16);
    return code <= 0xff ? `\\x${digits.padStart(2, '0')}` : `\\u{${digits}}`;
}
/**
 * `text` in printable ASCII, on one line; any other character as `\xNN` or `\u{…}`; at most `max` characters, the last
 * of them `…` where it was cut. No part of it can be read as a workflow command: the runner looks for `##[` anywhere in
 * a line and for `::` after leading blanks, and ends lines at a lone `\r` too (actions/runner,
 * src/Runner.Common/ActionCommand.cs and src/Runner.Sdk/ProcessInvoker.cs). Not HTML- or Markdown-escaped: that is the
 * renderer's.
 */
function escapeForeign(text, max = MOST_CHARACTERS) {
    const harmless = text
        .slice(0, max + 1)
        .replace(/^(\s*):/, '$1\\x3a')
        .replaceAll('#[', '#\\[');
    let escaped = '';
    let fits = '';
    for (const character of harmless) {
        escaped += escapeCharacter(character);
        if (escaped.length < max)
            fits = escaped;
        if (escaped.length > max)
            return `${fits}…`;
    }
    return escaped;
}

;// CONCATENATED MODULE: ./build/js/reader/text.js
/** Foreign bytes as text. Inside the reader paths are latin1, one character a byte; outside they are text. */


/** A latin1 path as text: UTF-8 where it is, else its odd bytes as `\xNN`. Not escaped otherwise: that is the renderer's. */
function shown(path) {
    const text = Buffer.from(path, 'latin1').toString('utf8');
    if (!text.includes('\ufffd'))
        return text;
    return path.replace(/[\x80-\xff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`);
}
/** The same with `[secret]` in place of what is searched for: found in the bytes, before any of them is rewritten. */
function shownClean(path, matcher) {
    const text = shown(path);
    const clean = redact(path, matcher);
    return clean === path ? redact(text, matcher) : shown(clean);
}
/** Reads a small file of /proc or /sys as latin1; null when there is none or it may not be read. */
function readText(path) {
    try {
        return (0,external_node_fs_namespaceObject.readFileSync)(path, 'latin1');
    }
    catch {
        // Gone with its process, or not of this kernel: the caller's null says that it could not be read.
        return null;
    }
}

;// CONCATENATED MODULE: ./build/js/reader/container.js
/** The container under check, held by its main process. */








class HeldContainer {
    pid;
    containerId;
    #started;
    #pidNamespace;
    constructor(pid, containerId, started) {
        this.pid = pid;
        this.containerId = containerId;
        this.#started = started;
        const namespace = namespaceOf(pid, 'pid');
        this.#pidNamespace = namespace === namespaceOf('self', 'pid') ? null : namespace;
    }
    /**
     * Takes hold; null when no process of that container has the pid: it has ended (Docker then says pid 0), its number is
     * somebody else's by now, or the engine counts in another pid namespace.
     */
    static hold(pid, containerId) {
        if (!Number.isSafeInteger(pid) || pid <= 1 || !/^[0-9a-f]{64}$/.test(containerId))
            return null;
        const started = startTime(readText(`/proc/${pid}/stat`) ?? '');
        const held = started === null ? null : new HeldContainer(pid, containerId, started);
        return held?.isThere() === true ? held : null;
    }
    /** Whether the pid is still the process it was, alive, and still the container's. */
    isThere() {
        const stat = readText(`/proc/${this.pid}/stat`) ?? '';
        const state = stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
        return startTime(stat) === this.#started && !['Z', 'X', 'x'].includes(state) && this.#isOurs(this.pid);
    }
    /** Opens the container's own root directory, sees that it is its own, and lets `use` look at it. */
    async withRoot(use) {
        const root = openRoot(`/proc/${this.pid}/root`);
        try {
            if (!this.isThere())
                throw Object.assign(new Error('gone'), { code: 'the container has ended' });
            return await use(root);
        }
        finally {
            (0,external_node_fs_namespaceObject.closeSync)(root);
        }
    }
    /** Every process of the container: in its cgroup or below it, or in its own pid namespace. */
    pids() {
        return (0,external_node_fs_namespaceObject.readdirSync)('/proc')
            .filter((name) => /^\d+$/.test(name))
            .map(Number)
            .filter((pid) => pid === this.pid || this.#isOurs(pid) || this.#inNamespace(pid));
    }
    #isOurs(pid) {
        return belongsTo(parseCgroup(readText(`/proc/${pid}/cgroup`) ?? ''), this.containerId);
    }
    #inNamespace(pid) {
        return this.#pidNamespace !== null && namespaceOf(pid, 'pid') === this.#pidNamespace;
    }
    /** The main process, in the host's numbers; null when it has ended. */
    status() {
        const text = readText(`/proc/${this.pid}/status`);
        return text === null ? null : parseStatus(text);
    }
    uidMap() {
        return parseIdMap(readText(`/proc/${this.pid}/uid_map`) ?? '');
    }
    gidMap() {
        return parseIdMap(readText(`/proc/${this.pid}/gid_map`) ?? '');
    }
    /** Mounts of the main process. Throws when they cannot be read. */
    mounts() {
        const text = readText(`/proc/${this.pid}/mountinfo`) ?? '';
        if (text === '')
            throw Object.assign(new Error('no mounts'), { code: 'the mounts could not be read' });
        return parseMountinfo(text);
    }
    /** mountinfo of the main process first, then of one process in each other mount namespace. */
    mountinfos() {
        const seen = new Map();
        for (const pid of [this.pid, ...this.pids()]) {
            const namespace = namespaceOf(pid, 'mnt');
            if (namespace === null || seen.has(namespace))
                continue;
            const text = readText(`/proc/${pid}/mountinfo`);
            if (text !== null && text !== '')
                seen.set(namespace, { pid, text });
        }
        return [...seen.values()];
    }
    swap() {
        const swaps = readText('/proc/swaps');
        const { may, detail } = maySwap(this.#limits());
        return { hostSwap: swaps === null ? null : hasSwap(swaps), containerMaySwap: may, detail };
    }
    /** Limits of the container's memory cgroup and its parents, innermost first. */
    #limits() {
        const own = cgroupPath(parseCgroup(readText(`/proc/${this.pid}/cgroup`) ?? ''), 'memory');
        if (own === null || own.path.includes('..'))
            return [];
        const base = own.version === 2 ? '/sys/fs/cgroup' : '/sys/fs/cgroup/memory';
        const levels = [];
        for (let path = own.path; path !== '/' && path !== '.'; path = (0,external_node_path_namespaceObject.dirname)(path)) {
            const limit = (name) => readText(`${base}${path}/memory.${name}`)?.trim() ?? null;
            levels.push({
                swapMax: limit('swap.max'),
                limit: limit('limit_in_bytes'),
                memsw: limit('memsw.limit_in_bytes'),
                swappiness: limit('swappiness')
            });
        }
        return levels;
    }
}
function namespaceOf(pid, kind) {
    try {
        return (0,external_node_fs_namespaceObject.readlinkSync)(`/proc/${pid}/ns/${kind}`);
    }
    catch {
        // The process has ended: it has no namespaces any more.
        return null;
    }
}

;// CONCATENATED MODULE: ./build/js/scan/walk-entries.js
/** Lists an open directory in batches, so that one with a million entries takes no more memory than a small one. */


/** Above this size of the directory itself it is listed piece by piece, which is slower for small ones. */
const LARGE_BYTES = 512 * 1024;
const BATCH = 512;
/** Entries of the directory open as `fd`, names in latin1. Throws what listing throws. */
function* entriesOf(fd, stats = (0,external_node_fs_namespaceObject.fstatSync)(fd)) {
    const path = pathAt(fd, null);
    if (stats.size <= LARGE_BYTES) {
        yield (0,external_node_fs_namespaceObject.readdirSync)(path, { withFileTypes: true, encoding: 'latin1' });
        return;
    }
    const directory = (0,external_node_fs_namespaceObject.opendirSync)(path, { encoding: 'latin1', bufferSize: BATCH });
    try {
        let batch = [];
        for (let entry = directory.readSync(); entry !== null; entry = directory.readSync()) {
            batch.push(entry);
            if (batch.length < BATCH)
                continue;
            yield batch;
            batch = [];
        }
        yield batch;
    }
    finally {
        directory.closeSync();
    }
}

;// CONCATENATED MODULE: ./build/js/reader/listing.js
/** Lists and reads what lies under the declared tmpfs paths, for the wait and for discovery. Cheap: asked ten times a second. */






const MOST_ENTRIES = 10_000;
const MOST_DEPTH = 64;
/** For discovery: of one file, and of all. */
const FILE_BYTES = 1024 * 1024;
const ALL_BYTES = 8 * 1024 * 1024;
/**
 * Remembers the last listing, so that a change can be told by a number: no hash of foreign names leaves the process.
 */
class Listings {
    #last = '';
    #generation = 0;
    /** Entries under the paths, as the user knows them: under the declared path, not under where a link leads. */
    look(root, paths) {
        const marks = [];
        const found = [];
        const complete = visitAll(root, paths, ({ path, stats }) => {
            found.push(shown(path));
            marks.push(`${path}\0${stats.ino} ${stats.size} ${stats.mtimeMs} ${stats.ctimeMs}`);
        });
        const now = marks.join('\0');
        if (now !== this.#last)
            this.#generation += 1;
        this.#last = now;
        return { signature: String(this.#generation), paths: found, complete };
    }
}
/** Contents of the regular files under the paths but for those to skip; what is left out is named. */
function contents(root, paths, skip) {
    const skipped = new Set(skip.map(toLatin1));
    const files = [];
    const left = [];
    let room = ALL_BYTES;
    const complete = visitAll(root, paths, ({ path, fd, name, stats }) => {
        if (!stats.isFile() || skipped.has(path))
            return;
        const most = Math.min(room, FILE_BYTES);
        try {
            const bytes = stats.size > most ? null : readAll(pathAt(fd, name), most);
            if (bytes === null)
                left.push({ path: shown(path), reason: `is larger than the ${most} bytes left for it` });
            else {
                room -= bytes.length;
                files.push({ path: shown(path), bytes: bytes.toString('base64') });
            }
        }
        catch (error) {
            left.push({ path: shown(path), reason: `could not be read (${errorCode(error)})` });
        }
    });
    if (!complete)
        left.push({ path: '/', reason: 'not all entries could be listed' });
    return { files, left: left.length, leftOut: left };
}
/** Visits all below the paths, but for other mounts that are no memory. False when something could not be listed. */
function visitAll(root, paths, visit) {
    const visitor = new Visitor(visit);
    for (const path of paths) {
        const declared = toLatin1(path);
        lookInRoot(root, declared, ({ fd }) => {
            if ((0,external_node_fs_namespaceObject.fstatSync)(fd).isDirectory())
                visitor.begin(fd, declared);
        });
    }
    return visitor.complete;
}
class Visitor {
    complete = true;
    #room = MOST_ENTRIES;
    #visit;
    constructor(visit) {
        this.#visit = visit;
    }
    begin(named, path) {
        const fd = openBelow(named, '');
        try {
            this.#below(fd, path, 0);
        }
        finally {
            (0,external_node_fs_namespaceObject.closeSync)(fd);
        }
    }
    #below(fd, path, depth) {
        for (const entries of entriesOf(fd)) {
            for (const { name } of entries) {
                this.#room -= 1;
                if (this.#room < 0) {
                    this.complete = false;
                    return;
                }
                const stats = (0,external_node_fs_namespaceObject.lstatSync)(raw(pathAt(fd, name)), { throwIfNoEntry: false });
                if (stats === undefined)
                    continue;
                this.#visit({ path: `${path}/${name}`, fd, name, stats });
                if (stats.isDirectory())
                    this.#enter(fd, { name, path: `${path}/${name}` }, depth);
            }
        }
    }
    #enter(parent, at, depth) {
        let fd = null;
        try {
            fd = openDirectory(pathAt(parent, at.name));
            if (depth >= MOST_DEPTH)
                this.complete = false;
            else if (isInMemory(fd))
                this.#below(fd, at.path, depth + 1);
        }
        catch (error) {
            // ENOENT: it was there a moment ago; the next look tells how it ended.
            if (errorCode(error) !== 'ENOENT')
                this.complete = false;
        }
        finally {
            if (fd !== null)
                (0,external_node_fs_namespaceObject.closeSync)(fd);
        }
    }
}
function isInMemory(fd) {
    return isMemory(fstypeOf((0,external_node_fs_namespaceObject.statfsSync)(pathAt(fd, null)).type) ?? '');
}
/** The bytes of a regular file; null when there are more than `most`. */
function readAll(path, most) {
    const name = openNameOnly(path);
    try {
        if (!(0,external_node_fs_namespaceObject.fstatSync)(name).isFile())
            throw Object.assign(new Error('changed'), { code: 'is no regular file any more' });
        const fd = openNamed(name);
        try {
            const buffer = Buffer.alloc(most + 1);
            let length = 0;
            for (let read = -1; read !== 0 && length < buffer.length; length += read)
                read = (0,external_node_fs_namespaceObject.readSync)(fd, buffer, length, buffer.length - length, null);
            return length > most ? null : buffer.subarray(0, length);
        }
        finally {
            (0,external_node_fs_namespaceObject.closeSync)(fd);
        }
    }
    finally {
        (0,external_node_fs_namespaceObject.closeSync)(name);
    }
}

;// CONCATENATED MODULE: ./build/js/evidence.js
/**
 * Evidence: everything that one run saw, as small, serialisable values without a secret in them.
 *
 * Sources fill it in, rules judge it, renderers print it. No byte of a secret, no snippet around one, no length and
 * no hash of one may be put into any field: what a rule needs is *where* and *in what form*.
 */
/** Every place that is looked at. The order is the order of the summary. */
const SOURCES = (/* unused pure expression or super */ null && ([
    'mounts',
    'memory',
    'other-memory',
    'layers',
    'image-config',
    'history',
    'attestations',
    'build-log',
    'container-config',
    'writable-layer',
    'volumes',
    'processes',
    'logs'
]));
/** Items of a place that are told one by one. */
const MOST_UNREAD = 50;
/** The form in which a secret was found. */
const FORMS = [
    'raw',
    'base64',
    'base64url',
    'hex',
    'percent',
    'json',
    'shell',
    'utf-16le',
    'utf-16be',
    'escaped-newlines',
    'crlf',
    'joined',
    'line'
];

;// CONCATENATED MODULE: ./build/js/scan/item-search.js

const NOTHING = Object.freeze([]);
/**
 * Searches one item after the other, each given in chunks of any size: `begin`, `push` for each chunk, `end`.
 * The bytes pushed may be overwritten as soon as `push` returns. An item without a match costs no memory that stays.
 */
class ItemSearch {
    #matcher;
    /** How much of the end of what came before is kept: an occurrence that crosses into the next chunk starts in it. */
    #keep;
    /** The kept bytes, and behind them room for the head of the next chunk. */
    #seam;
    #kept = 0;
    /** Bytes pushed since `begin`. */
    #length = 0;
    /** First match of each (secret, form). */
    #found = new Map();
    /** What to add to an index of the bytes now searched to get an offset of the item. */
    #base = 0;
    constructor(matcher) {
        this.#matcher = matcher;
        this.#keep = Math.max(0, matcher.longest - 1);
        this.#seam = new Uint8Array(2 * this.#keep);
    }
    /** Starts a new item: offsets count from here. */
    begin() {
        this.#kept = 0;
        this.#length = 0;
        if (this.#found.size > 0)
            this.#found.clear();
    }
    /** Searches the next bytes of the item, `[from, to)` of `bytes`. */
    push(bytes, from = 0, to = bytes.length) {
        if (to <= from)
            return;
        if (this.#kept > 0)
            this.#searchSeam(bytes, from, to);
        this.#base = this.#length - from;
        this.#matcher.search(bytes, from, to, this.#onMatch);
        this.#length += to - from;
        this.#keepTail(bytes, from, to);
    }
    /** Ends the item: the first match of each secret and form, in order of offset. */
    end() {
        if (this.#found.size === 0)
            return NOTHING;
        return [...this.#found.values()].sort((a, b) => a.offset - b.offset);
    }
    /** Finds what starts in the kept bytes and ends in the new chunk; what lies on one side is found once more. */
    #searchSeam(bytes, from, to) {
        const head = Math.min(this.#keep, to - from);
        this.#seam.set(bytes.subarray(from, from + head), this.#kept);
        this.#base = this.#length - this.#kept;
        this.#matcher.search(this.#seam, 0, this.#kept + head, this.#onMatch);
    }
    #keepTail(bytes, from, to) {
        const fresh = Math.min(this.#keep, to - from);
        const old = Math.min(this.#kept, this.#keep - fresh);
        if (old > 0)
            this.#seam.copyWithin(0, this.#kept - old, this.#kept);
        this.#seam.set(bytes.subarray(to - fresh, to), old);
        this.#kept = old + fresh;
    }
    #onMatch = (needle, start) => {
        const key = needle.secret * FORMS.length + FORMS.indexOf(needle.form);
        const offset = this.#base + start;
        const known = this.#found.get(key);
        if (known === undefined)
            this.#found.set(key, { secret: needle.secret, form: needle.form, offset });
        else if (offset < known.offset)
            known.offset = offset;
    };
}

;// CONCATENATED MODULE: external "node:zlib"
const external_node_zlib_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:zlib");
var external_node_zlib_namespaceObject_0 = /*#__PURE__*/__nccwpck_require__.t(external_node_zlib_namespaceObject, 2);
;// CONCATENATED MODULE: ./build/js/scan/unpack-frame.js
/** Pieces that may wait to be looked at before decompression pauses. */
const MOST_WAITING = 2;
class FrameStream {
    state = 'open';
    /** What zlib says is wrong, once failed: one of its own texts and codes. */
    error = null;
    #stream;
    #output;
    #waiting = [];
    #given = 0;
    /** What was written last has been used, as far as it is the frame's. */
    #taken = true;
    #pumping = false;
    /** The stream will give nothing more. */
    #closed = false;
    #wake = () => undefined;
    /** `output` gets the pieces in order, the next when its promise is done. */
    constructor(stream, output) {
        this.#stream = stream;
        this.#output = output;
        stream.on('data', (piece) => {
            this.#queue(piece);
        });
        stream.once('end', () => {
            this.#close('ended');
        });
        stream.on('error', (error) => {
            this.error ??= error;
            this.#close('failed');
        });
    }
    /** Returns those of the bytes that are not the frame's: none, or what is behind its end. */
    async write(bytes) {
        if (this.state !== 'open')
            return bytes;
        this.#given += bytes.length;
        this.#taken = false;
        this.#stream.write(bytes, () => {
            this.#taken = true;
            this.#wake();
        });
        await this.#until(() => this.#taken || this.#closed);
        const unused = this.#given - this.#stream.bytesWritten;
        if (unused === 0 && !this.#closed)
            return bytes.subarray(bytes.length);
        await this.#drained();
        return bytes.subarray(bytes.length - unused);
    }
    /** No more bytes: ends it, or fails when some are missing. */
    async finish() {
        if (this.state === 'open')
            this.#stream.end();
        await this.#drained();
    }
    /** Gives it up. */
    stop() {
        this.#waiting.length = 0;
        this.#close('stopped');
    }
    /** Until the stream has closed and all that came out of it has been looked at. */
    async #drained() {
        await this.#until(() => this.#closed && !this.#pumping && this.#waiting.length === 0);
    }
    async #until(holds) {
        while (!holds()) {
            await new Promise((resolve) => {
                this.#wake = resolve;
            });
        }
    }
    #close(state) {
        if (this.state === 'open')
            this.state = state;
        this.#closed = true;
        this.#stream.destroy();
        this.#wake();
    }
    #queue(piece) {
        if (this.state === 'stopped')
            return;
        this.#waiting.push(piece);
        if (this.#waiting.length >= MOST_WAITING)
            this.#stream.pause();
        if (this.#pumping)
            return;
        this.#pumping = true;
        // Not at once: first the thread pool gets the next piece to work at.
        setImmediate(() => {
            void this.#pump();
        });
    }
    async #pump() {
        for (let piece = this.#waiting.shift(); piece !== undefined; piece = this.#waiting.shift()) {
            if (this.#stream.isPaused() && this.#waiting.length < MOST_WAITING)
                this.#stream.resume();
            const wait = this.#output(piece);
            if (wait !== null)
                await wait;
        }
        this.#pumping = false;
        this.#wake();
    }
}

;// CONCATENATED MODULE: ./build/js/scan/unpack-salvage.js
/**
 * What the longest beginning of a frame that decompresses without an error gives, exact to the byte; found by halving,
 * for zlib tells of an error without what came out before it. At most `most` bytes; null: nothing.
 */
function salvage(codec, bytes, most) {
    let best = null;
    let good = 0;
    for (let bad = bytes.length + 1; bad - good > 1;) {
        const length = best === null && bad > bytes.length ? bytes.length : (good + bad) >> 1;
        const output = beginning(codec, bytes.subarray(0, length), most);
        if (output === null)
            bad = length;
        else {
            best = output;
            good = length;
        }
    }
    return best === null || best.length === 0 ? null : best;
}
function beginning(codec, bytes, most) {
    try {
        return codec.beginning(bytes, most);
    }
    catch {
        // Broken before its end, or too much: a shorter beginning is tried.
        return null;
    }
}

;// CONCATENATED MODULE: external "node:buffer"
const external_node_buffer_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:buffer");
;// CONCATENATED MODULE: ./build/js/scan/unpack-scope.js
/** What all parts of unpacking one archive share: where it tells what it found, and what it has used up of the limits. */

const MIB = 1024 * 1024;
const DEFAULT_LIMITS = Object.freeze({
    depth: 3,
    ratio: 200,
    bytes: 4096 * MIB,
    zipBytes: 64 * MIB
});
/** A small file of zeros is no bomb. */
const RATIO_FROM = 64 * MIB;
/** Foreign bytes as text: UTF-8, or where that is not what they are, the odd ones as `\xNN`. Not escaped otherwise. */
function textOf(bytes) {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    if ((0,external_node_buffer_namespaceObject.isUtf8)(buffer))
        return buffer.toString('utf8');
    return buffer.toString('latin1').replace(/[\x80-\xff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`);
}
/** Reasons of shortfalls; they follow the path. */
const BEHIND_END = 'has something behind its end that cannot be unpacked';
const BROKEN = 'is cut short or broken: searched as far as it could be unpacked';
/** zlib's code for a zstd frame that wants more than 128 MiB to be decompressed (zstd.h, ZSTD_d_windowLogMax). */
const TOO_WIDE = 'ZSTD_error_frameParameter_windowTooLarge';
/** Padding that tapes and block devices leave. */
function isZeros(bytes) {
    return bytes.every((byte) => byte === 0);
}
/** Path of what is called `name` in the archive at `path`. */
function memberPath(path, name, context) {
    const text = (context.nameOf ?? textOf)(name);
    return `${path}!${text.replace(/^(\.?\/+)+/, '').replace(/\/+$/, '')}`;
}
/** Waits for both. */
function both(a, b) {
    if (a === null || b === null)
        return a ?? b;
    return Promise.all([a, b]).then(() => undefined);
}
/** Of one outermost archive. */
class Scope {
    context;
    #open;
    #opened = false;
    #input = 0;
    #output = 0;
    /** A limit was reached, and told. */
    #spent = false;
    constructor(context, open) {
        this.context = context;
        this.#open = open;
    }
    /** The first that is opened is the outermost. */
    open(kind, place) {
        const outermost = !this.#opened;
        this.#opened = true;
        return this.#open(kind, { ...place, outermost }, this);
    }
    /** Counts bytes of the outermost archive that went in. */
    took(bytes) {
        this.#input += bytes;
    }
    /** Counts bytes that came out of the archive at `path`; false: a limit is reached, stop. */
    made(bytes, path) {
        if (this.#spent)
            return false;
        this.#output += bytes;
        const { ratio, bytes: most } = this.context.limits;
        if (this.#output > most)
            this.#stop(path, `unpacks to more than ${Math.floor(most / MIB)} MiB`);
        else if (this.#output > RATIO_FROM && this.#output > this.#input * ratio) {
            this.#stop(path, `unpacks to more than ${ratio} times its size`);
        }
        return !this.#spent;
    }
    #stop(path, reason) {
        this.#spent = true;
        this.context.sink.shortfall({ path, reason });
    }
}

;// CONCATENATED MODULE: ./build/js/scan/unpack-frames-stream.js
/** Unpacks a gzip or zstd file that is too large to be done at once. */




const unpack_frames_stream_NOTHING = Buffer.alloc(0);
/** Output at a time; the default of 16 KiB halves the speed. Files of many frames have small ones. */
const CHUNK = MIB;
const LATER_CHUNK = MIB / 16;
/** Of what may turn out to be broken at its beginning so much is kept. */
const KEPT = MIB;
class FramesStream {
    #codec;
    #place;
    #out;
    #work = Promise.resolve();
    /** Bytes of a header or trailer that are not all there. */
    #partial = unpack_frames_stream_NOTHING;
    #frame = null;
    #inTrailer = false;
    #crc = 0;
    #frameLength = 0;
    #output = 0;
    #frames = 0;
    #done = false;
    /** Compressed data of the first frame, until something has come out of it. */
    #first = [];
    constructor(codec, place, out) {
        this.#codec = codec;
        this.#place = place;
        this.#out = out;
    }
    write(bytes) {
        this.#work = this.#work.then(() => this.#take(bytes));
        return this.#work;
    }
    end() {
        this.#work = this.#work.then(() => this.#finish());
        return this.#work;
    }
    async #take(bytes) {
        let rest = bytes;
        while (rest.length > 0 && !this.#done) {
            if (this.#frame !== null)
                rest = await this.#inFrame(this.#frame, rest);
            else
                rest = this.#inTrailer ? this.#takeTrailer(rest) : this.#takeHeader(rest);
        }
    }
    #takeHeader(bytes) {
        const all = this.#partial.length === 0 ? bytes : Buffer.concat([this.#partial, bytes]);
        const length = this.#codec.headerLength(all);
        if (length === null && isZeros(all))
            return unpack_frames_stream_NOTHING;
        if (length === null)
            this.#stop(BEHIND_END);
        if (typeof length !== 'number') {
            this.#partial = Buffer.from(all);
            return unpack_frames_stream_NOTHING;
        }
        this.#partial = unpack_frames_stream_NOTHING;
        this.#crc = 0;
        this.#frameLength = 0;
        const stream = this.#codec.stream(this.#frames === 0 ? CHUNK : LATER_CHUNK);
        this.#frame = new FrameStream(stream, (piece) => this.#emit(piece));
        return all.subarray(length);
    }
    async #inFrame(frame, bytes) {
        const isFirst = this.#frames === 0 && this.#output === 0;
        if (isFirst && this.#first.reduce((sum, piece) => sum + piece.length, 0) < KEPT)
            this.#first.push(bytes);
        const rest = await frame.write(bytes);
        if (frame.state === 'ended')
            this.#endFrame();
        else if (frame.state === 'failed')
            await this.#fail(frame.error);
        return rest;
    }
    #endFrame() {
        this.#frame = null;
        this.#inTrailer = true;
        if (this.#codec.trailerLength === 0)
            this.#takeTrailer(unpack_frames_stream_NOTHING);
    }
    #takeTrailer(bytes) {
        const all = Buffer.concat([this.#partial, bytes.subarray(0, this.#codec.trailerLength)]);
        const rest = bytes.subarray(this.#codec.trailerLength - this.#partial.length);
        this.#partial = all.subarray(0, this.#codec.trailerLength);
        if (all.length < this.#codec.trailerLength)
            return unpack_frames_stream_NOTHING;
        this.#inTrailer = false;
        this.#frames++;
        if (!this.#codec.isRight(this.#partial, this.#crc, this.#frameLength))
            this.#stop(BROKEN);
        this.#partial = unpack_frames_stream_NOTHING;
        return rest;
    }
    /** The next piece that came out. */
    #emit(piece) {
        this.#first = [];
        this.#output += piece.length;
        this.#frameLength += piece.length;
        if (this.#codec.needsCrc)
            this.#crc = (0,external_node_zlib_namespaceObject.crc32)(piece, this.#crc);
        if (!this.#out.scope.made(piece.length, this.#place.path)) {
            this.#done = true;
            this.#frame?.stop();
            return null;
        }
        return this.#out.member.write(piece);
    }
    /** What is broken from its beginning hides nothing: it only looks like an archive. */
    async #fail(error) {
        if (error?.code === TOO_WIDE) {
            this.#stop('needs more than 128 MiB of memory to be unpacked', true);
            return;
        }
        const output = this.#output > 0 ? null : salvage(this.#codec, Buffer.concat(this.#first), 16 * KEPT);
        const wait = output === null ? null : this.#emit(output);
        this.#stop(BROKEN);
        if (wait !== null)
            await wait;
    }
    #stop(reason, always = false) {
        this.#done = true;
        if (this.#frames === 0 && this.#output === 0 && !always)
            return;
        this.#out.scope.context.sink.shortfall({ path: this.#place.path, reason });
    }
    async #finish() {
        const frame = this.#frame;
        if (frame !== null && !this.#done) {
            await frame.finish();
            if (frame.state === 'ended')
                this.#endFrame();
            else if (frame.state === 'failed')
                await this.#fail(frame.error);
        }
        if (!this.#done && (this.#inTrailer || this.#partial.length > 0))
            this.#stop(BROKEN);
        if (this.#output > 0)
            this.#out.scope.context.sink.counted(1, this.#output);
        const wait = this.#out.member.end();
        if (wait !== null)
            await wait;
    }
}

;// CONCATENATED MODULE: ./build/js/scan/tar-fields.js
/** Reads the fields of a tar header block (POSIX.1-2017 pax, "ustar Interchange Format"; GNU tar's tar.h). */
/** Everything in a tar archive comes in blocks of this many bytes. */
const BLOCK = 512;
const CHECKSUM_AT = 148;
const CHECKSUM_LENGTH = 8;
const SPACE = 0x20;
/** Whether the block that starts at `at` holds nothing but zeros. */
function isZeroBlock(bytes, at) {
    for (let i = at; i < at + BLOCK; i++)
        if (bytes[i] !== 0)
            return false;
    return true;
}
/**
 * Whether the block that starts at `at` is a header: its checksum is right. Some old writers added the bytes up as
 * signed ones, which every reader takes as well (GNU tar's `tar_checksum`, Go's `archive/tar`).
 */
function isHeaderBlock(bytes, at) {
    const expected = octal(bytes, at + CHECKSUM_AT, CHECKSUM_LENGTH);
    if (expected === null)
        return false;
    let sum = CHECKSUM_LENGTH * SPACE;
    for (let i = at; i < at + CHECKSUM_AT; i++)
        sum += bytes[i];
    for (let i = at + CHECKSUM_AT + CHECKSUM_LENGTH; i < at + BLOCK; i++)
        sum += bytes[i];
    return sum === expected || signedSum(bytes, at) === expected;
}
function signedSum(bytes, at) {
    let sum = CHECKSUM_LENGTH * SPACE;
    for (let i = 0; i < BLOCK; i++) {
        if (i >= CHECKSUM_AT && i < CHECKSUM_AT + CHECKSUM_LENGTH)
            continue;
        sum += (bytes[at + i] << 24) >> 24;
    }
    return sum;
}
const isFiller = (byte) => byte === SPACE || byte === 0;
/** An octal number between blanks and NULs; 0 when the field is empty; null when it is not a number. */
function octal(bytes, from, length) {
    let to = from + length;
    while (from < to && isFiller(bytes[from]))
        from++;
    while (to > from && isFiller(bytes[to - 1]))
        to--;
    let value = 0;
    for (; from < to; from++) {
        const digit = bytes[from] - 0x30;
        if (digit < 0 || digit > 7)
            return null;
        value = value * 8 + digit;
    }
    return value;
}
/** An octal number, or one in base 256 as GNU tar and star write large ones; null when negative or above 2^53. */
function number(bytes, from, length) {
    const first = bytes[from];
    if ((first & 0x80) === 0)
        return octal(bytes, from, length);
    if ((first & 0x40) !== 0)
        return null;
    let value = first & 0x3f;
    for (let i = from + 1; i < from + length; i++) {
        value = value * 256 + bytes[i];
        if (value > Number.MAX_SAFE_INTEGER)
            return null;
    }
    return value;
}
/** A decimal number of at most 15 digits as PAX records hold it; null when it is anything else. */
function decimal(text) {
    return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null;
}
/** Where the NUL-terminated text that starts at `from` ends, `from + length` at the most. */
function textEnd(bytes, from, length) {
    let to = from;
    while (to < from + length && bytes[to] !== 0)
        to++;
    return to;
}

;// CONCATENATED MODULE: ./build/js/scan/unpack-kind.js
/** Tells archives by their first bytes. */

/** RFC 1952, 2.3.1: magic, and deflate, the only method there is. */
const GZIP = [0x1f, 0x8b, 8];
/** RFC 8878, 3.1.1. A skippable frame (3.1.2) may come first: its magic is any of 0x184D2A50 to 0x184D2A5F. */
const ZSTD = [0x28, 0xb5, 0x2f, 0xfd];
const ZSTD_SKIPPABLE = [0x2a, 0x4d, 0x18];
/** PKWARE APPNOTE, 4.3.7 and 4.3.16: a local header, or the end of the directory of an empty file. */
const ZIP = [0x50, 0x4b, 3, 4];
const EMPTY_ZIP = [0x50, 0x4b, 5, 6];
const HASH = 0x23;
const USTAR = [0x75, 0x73, 0x74, 0x61, 0x72];
const USTAR_AT = 257;
function has(bytes, at, magic) {
    return magic.every((byte, i) => bytes[at + i] === byte);
}
/** The first line of a script may precede a zip file: Python runs such a one (zipapp). */
function isZipApp(head, length) {
    if (head[1] !== 0x21)
        return false;
    const newline = head.indexOf(0x0a);
    return newline !== -1 && newline + ZIP.length < length && has(head, newline + 1, ZIP);
}
/** Whether `head` starts with a header of the ustar family, PAX and GNU too, whose checksum is right. */
function isUstar(head, length) {
    return length >= BLOCK && head[USTAR_AT] === USTAR[0] && has(head, USTAR_AT, USTAR) && isHeaderBlock(head, 0);
}
/**
 * What kind of archive an item is, by the first `length` bytes of `head`: the item's first 512 or more, or all of it.
 * null: none that is known. A tar comes first: the name of its first entry may look like any of the others.
 */
function archiveKind(head, length) {
    if (isUstar(head, length))
        return 'tar';
    if (length < 4)
        return null;
    const first = head[0];
    if (first === GZIP[0])
        return has(head, 0, GZIP) ? 'gzip' : null;
    if (first === ZSTD[0])
        return has(head, 0, ZSTD) ? 'zstd' : null;
    if (first >> 4 === 5 && has(head, 1, ZSTD_SKIPPABLE))
        return 'zstd';
    if (first === ZIP[0])
        return has(head, 0, ZIP) || has(head, 0, EMPTY_ZIP) ? 'zip' : null;
    return first === HASH && isZipApp(head, length) ? 'zip' : null;
}

;// CONCATENATED MODULE: ./build/js/scan/unpack-member.js
/** An item out of an archive: searched, and unpacked when it is an archive itself. */




/** Takes one item after the other, each `begin`, any number of `write`, `end`. */
class unpack_member_Member {
    #context;
    #scopeOf;
    /** null: the caller searches it. */
    #search;
    #place = null;
    #head = Buffer.alloc(BLOCK);
    /** Bytes in the head; -1: it has been looked at. */
    #inHead = -1;
    #child = null;
    /** Its bytes are searched by the child: a tar tells its entries apart. */
    #childSearches = false;
    /** `scopeOf` is asked for the scope of an archive that is found. */
    constructor(context, scopeOf, searches) {
        this.#context = context;
        this.#scopeOf = scopeOf;
        this.#search = searches ? new ItemSearch(context.matcher) : null;
    }
    begin(place) {
        this.#place = place;
        this.#inHead = 0;
        this.#child = null;
        this.#childSearches = false;
        this.#search?.begin();
    }
    write(bytes) {
        if (this.#inHead === -1)
            return this.#pass(bytes);
        const size = this.#place?.size ?? Infinity;
        if (this.#inHead === 0 && bytes.length >= Math.min(BLOCK, size)) {
            this.#look(bytes);
            return this.#pass(bytes);
        }
        const taken = Math.min(BLOCK - this.#inHead, bytes.length);
        this.#head.set(bytes.subarray(0, taken), this.#inHead);
        this.#inHead += taken;
        if (this.#inHead < BLOCK)
            return null;
        return both(this.#passHead(), this.#pass(bytes.subarray(taken)));
    }
    end() {
        const first = this.#inHead === -1 ? null : this.#passHead();
        const child = this.#child;
        this.#child = null;
        const path = this.#place?.path;
        for (const match of this.#search?.end() ?? []) {
            this.#context.sink.hit({ ...match, path: path?.() ?? '', part: 'content' });
        }
        return both(first, child?.end() ?? null);
    }
    #passHead() {
        const head = Buffer.from(this.#head.subarray(0, this.#inHead));
        this.#look(head);
        return this.#pass(head);
    }
    #look(head) {
        this.#inHead = -1;
        const kind = archiveKind(head, head.length);
        if (kind !== null && this.#place !== null)
            this.#open(kind, this.#place);
    }
    #open(kind, place) {
        const { path, depth } = (kind === 'tar' ? place.compressed : null) ?? { path: place.path(), depth: place.depth };
        const { limits, sink } = this.#context;
        if (depth > limits.depth) {
            sink.shortfall({ path, reason: `is an archive nested deeper than ${limits.depth}` });
            return;
        }
        this.#child = this.#scopeOf().open(kind, { path, depth, size: place.size });
        this.#childSearches = kind === 'tar';
    }
    #pass(bytes) {
        if (bytes.length === 0)
            return null;
        if (!this.#childSearches)
            this.#search?.push(bytes);
        return this.#child?.write(bytes) ?? null;
    }
}

;// CONCATENATED MODULE: ./build/js/scan/unpack-frames.js
/** Unpacks gzip and zstd: frames one behind the other. Small ones at once, larger ones as a stream. */





/** Up to here a file is kept and decompressed at once, which spares it a stream. */
const SMALL = MIB;
/** What may come out of a small one at once. */
const SMALL_OUTPUT = 16 * MIB;
/** Left to the stream: it says what is too large. */
const isTooLarge = ({ code }) => code === 'ERR_BUFFER_TOO_LARGE' || code === TOO_WIDE;
/** Opens a gzip or zstd file. */
class Frames {
    #codec;
    #place;
    #scope;
    #member;
    #kept = [];
    #length = 0;
    #stream = null;
    constructor(codec, place, scope) {
        this.#codec = codec;
        this.#place = place;
        this.#scope = scope;
        this.#member = new unpack_member_Member(scope.context, () => scope, true);
        const { path, depth } = place;
        this.#member.begin({ path: () => `${path}!`, size: null, depth: depth + 1, compressed: { path, depth } });
    }
    write(bytes) {
        if (!this.#codec.available)
            return null;
        if (this.#stream !== null)
            return this.#stream.write(bytes);
        this.#kept.push(bytes);
        this.#length += bytes.length;
        return this.#length > SMALL ? this.#startStream() : null;
    }
    end() {
        if (this.#stream !== null)
            return this.#stream.end();
        if (!this.#codec.available)
            return this.#shortfall(`is ${this.#codec.name}, which this version of Node.js cannot unpack`);
        const [only] = this.#kept;
        const bytes = this.#kept.length === 1 && only !== undefined ? only : Buffer.concat(this.#kept);
        const whole = this.#whole(bytes);
        return whole === null ? both(this.#startStream(), this.end()) : this.#tell(whole);
    }
    #startStream() {
        const stream = new FramesStream(this.#codec, this.#place, { scope: this.#scope, member: this.#member });
        this.#stream = stream;
        const kept = this.#kept;
        this.#kept = [];
        return kept.reduce((wait, bytes) => both(wait, stream.write(bytes)), null);
    }
    /** null: too much comes out. */
    #whole(bytes) {
        const pieces = [];
        let room = SMALL_OUTPUT;
        for (let at = 0; at < bytes.length;) {
            const frame = bytes.subarray(at);
            const header = this.#codec.headerLength(frame);
            if (header === null && isZeros(frame))
                break;
            if (typeof header !== 'number')
                return { pieces, wrong: header === null ? BEHIND_END : BROKEN };
            const result = this.#frame(frame, header, room);
            if (result === null)
                return null;
            if (result.output !== null)
                pieces.push(result.output);
            if (result.used === 0)
                return { pieces, wrong: BROKEN };
            room -= result.output?.length ?? 0;
            at += result.used;
        }
        return { pieces, wrong: null };
    }
    /** `used` 0: it is broken. null: too much comes out. */
    #frame(frame, header, room) {
        const codec = this.#codec;
        try {
            const { output, used } = codec.whole(frame.subarray(header), Math.max(1, room));
            const end = header + used + codec.trailerLength;
            const trailer = Buffer.from(frame.subarray(header + used, end));
            const crc = codec.needsCrc ? (0,external_node_zlib_namespaceObject.crc32)(output) : 0;
            const right = trailer.length === codec.trailerLength && codec.isRight(trailer, crc, output.length);
            return { output, used: right ? end : 0 };
        }
        catch (error) {
            if (isTooLarge(error))
                return null;
            return { output: salvage(codec, frame.subarray(header), room), used: 0 };
        }
    }
    #tell({ pieces, wrong }) {
        // What gives nothing at all only looks like an archive: it hides nothing.
        if (wrong !== null && pieces.length > 0)
            this.#shortfall(wrong);
        const output = pieces.reduce((sum, piece) => sum + piece.length, 0);
        if (output === 0 || !this.#scope.made(output, this.#place.path))
            return this.#member.end();
        this.#scope.context.sink.counted(1, output);
        const wait = pieces.reduce((all, piece) => both(all, this.#member.write(piece)), null);
        return both(wait, this.#member.end());
    }
    #shortfall(reason) {
        this.#scope.context.sink.shortfall({ path: this.#place.path, reason });
        return null;
    }
}

;// CONCATENATED MODULE: ./build/js/scan/unpack-codec.js
/** Room for the output of so many bytes of input: small files need no megabyte. */
function chunkSizeFor(input) {
    return Math.min(1024 * 1024, Math.max(4096, 2 ** Math.ceil(Math.log2(input * 4 + 1))));
}

;// CONCATENATED MODULE: ./build/js/scan/unpack-gzip.js
/** gzip (RFC 1952): members one behind the other, each a header, a deflate stream, CRC-32 and length. */


const FIXED = 10;
const MOST_HEADER = 1024 * 1024;
const FLAG = { headerCrc: 2, extra: 4, name: 8, comment: 16 };
/** Behind the zero that ends a text; -1: it is not there. */
const afterText = (bytes, at) => bytes.indexOf(0, at) + 1 || -1;
function headerLength(bytes) {
    if ([0x1f, 0x8b, 8].some((byte, i) => i < bytes.length && bytes[i] !== byte))
        return null;
    const more = bytes.length > MOST_HEADER ? null : 'more';
    if (bytes.length < FIXED)
        return more;
    const flags = bytes[3];
    if (flags > 31)
        return null;
    let at = FIXED;
    if ((flags & FLAG.extra) !== 0) {
        if (bytes.length < at + 2)
            return more;
        at += 2 + bytes[at] + bytes[at + 1] * 256;
    }
    for (const flag of [FLAG.name, FLAG.comment]) {
        if ((flags & flag) !== 0)
            at = at === -1 ? at : afterText(bytes, at);
    }
    if (at === -1)
        return more;
    if ((flags & FLAG.headerCrc) !== 0)
        at += 2;
    return at > bytes.length ? more : at;
}
const GZIP_CODEC = {
    name: 'gzip',
    available: true,
    headerLength,
    trailerLength: 8,
    needsCrc: true,
    isRight(trailer, crc, length) {
        return trailer.readUInt32LE(0) === crc && trailer.readUInt32LE(4) === length % 2 ** 32;
    },
    stream(chunkSize) {
        return (0,external_node_zlib_namespaceObject.createInflateRaw)({ chunkSize });
    },
    whole(bytes, most) {
        const options = { info: true, maxOutputLength: most, chunkSize: chunkSizeFor(bytes.length) };
        const { buffer, engine } = (0,external_node_zlib_namespaceObject.inflateRawSync)(bytes, options);
        return { output: buffer, used: engine.bytesWritten };
    },
    beginning(bytes, most) {
        return (0,external_node_zlib_namespaceObject.inflateRawSync)(bytes, { finishFlush: external_node_zlib_namespaceObject.constants.Z_SYNC_FLUSH, maxOutputLength: most });
    }
};

;// CONCATENATED MODULE: ./build/js/scan/tar-sparse.js
/**
 * Sparse files in tar (GNU tar manual, "Sparse Formats"; Go's archive/tar reads the same): what is stored are the
 * fragments with data, one after the other, and a map says where in the file each belongs.
 */

const OLD_MAP_AT = 386;
const OLD_IN_HEADER = 4;
const OLD_IN_EXTENSION = 21;
const OLD_PAIR = 24;
const OLD_REAL_SIZE_AT = 483;
const OLD_IS_EXTENDED_AT = 482;
/** The map in the header of an entry of type `S`, as GNU tar wrote them before PAX; null: malformed. */
function oldSparseMap(header, at) {
    const size = number(header, at + OLD_REAL_SIZE_AT, 12);
    const fragments = oldFragments(header, at + OLD_MAP_AT, OLD_IN_HEADER);
    if (size === null || fragments === null)
        return null;
    return { map: { fragments, size }, extended: header[at + OLD_IS_EXTENDED_AT] !== 0 };
}
/** The fragments in a block that follows such a header, and whether yet another one follows; null: malformed. */
function oldSparseExtension(block, at) {
    const fragments = oldFragments(block, at, OLD_IN_EXTENSION);
    return fragments === null ? null : { fragments, extended: block[at + OLD_IN_EXTENSION * OLD_PAIR] !== 0 };
}
function oldFragments(bytes, at, most) {
    const fragments = [];
    for (let i = 0; i < most && bytes[at + i * OLD_PAIR] !== 0; i++) {
        const offset = number(bytes, at + i * OLD_PAIR, 12);
        const length = number(bytes, at + i * OLD_PAIR + 12, 12);
        if (offset === null || length === null)
            return null;
        fragments.push({ offset, length });
    }
    return fragments;
}
/** The map that PAX records give (versions 0.0, 0.1 and 1.0); undefined: the entry is not sparse; null: malformed. */
function paxSparseMap(pax) {
    if (!pax.all.some(({ key }) => key.startsWith('GNU.sparse.')))
        return undefined;
    const size = decimal(pax.text('GNU.sparse.realsize') ?? pax.text('GNU.sparse.size'));
    if (pax.text('GNU.sparse.major') === '1' && pax.text('GNU.sparse.minor') === '0') {
        return size === null ? null : { fragments: 'embedded', size };
    }
    const list = pax.text('GNU.sparse.map')?.split(',') ?? pairsOf(pax);
    if (list.length === 0 && size === null)
        return undefined;
    const fragments = pair(list);
    return size === null || fragments === null ? null : { fragments, size };
}
/** Version 0.0 has a record for each offset and each length. */
function pairsOf(pax) {
    return pax.all
        .filter(({ key }) => key === 'GNU.sparse.offset' || key === 'GNU.sparse.numbytes')
        .map(({ from, to }) => pax.bytes.toString('latin1', from, to));
}
/** Whether the fragments lie in the file one behind the other. */
function isOrdered(fragments, size) {
    let end = 0;
    for (const { offset, length } of fragments) {
        if (offset < end || offset + length > size)
            return false;
        end = offset + length;
    }
    return true;
}
/** Offsets and lengths in turn. */
function pair(list) {
    const fragments = [];
    for (let i = 0; i < list.length; i += 2) {
        const offset = decimal(list[i]);
        const length = decimal(list[i + 1]);
        if (offset === null || length === null)
            return null;
        fragments.push({ offset, length });
    }
    return fragments;
}

;// CONCATENATED MODULE: ./build/js/scan/tar-entry.js
/** One entry of a tar archive, from its header block and what preceded it: long names and PAX records. */


const code = (type) => type.charCodeAt(0);
/** Values of the type flag. */
const TYPE = {
    oldFile: 0,
    file: code('0'),
    link: code('1'),
    symlink: code('2'),
    characterDevice: code('3'),
    blockDevice: code('4'),
    directory: code('5'),
    fifo: code('6'),
    oldSparse: code('S'),
    longName: code('L'),
    longLink: code('K'),
    pax: code('x'),
    globalPax: code('g')
};
/** Of these nothing is stored, whatever their size field says (Go's archive/tar, which the engine reads layers with). */
const HEADER_ONLY = new Set([
    TYPE.link,
    TYPE.symlink,
    TYPE.characterDevice,
    TYPE.blockDevice,
    TYPE.directory,
    TYPE.fifo
]);
const NAME_LENGTH = 100;
const LINK_AT = 157;
const PREFIX_AT = 345;
const PREFIX_LENGTH = 155;
/** star's header has more behind a shorter prefix. */
const STAR_PREFIX_LENGTH = 131;
const SLASH = 0x2f;
const NO_BYTES = Buffer.alloc(0);
/** Where in a header block a position lies: in one of its names, or elsewhere. */
function fieldAt(position) {
    if (position < NAME_LENGTH || (position >= PREFIX_AT && position < PREFIX_AT + PREFIX_LENGTH))
        return 'name';
    return position >= LINK_AT && position < LINK_AT + NAME_LENGTH ? 'link-target' : 'header';
}
/** Length of the field that holds the beginning of a longer name; 0: there is none, or it is empty. */
function prefixLength(header, at) {
    if (header[at + PREFIX_AT] === 0)
        return 0;
    const magic = header.toString('latin1', at + 257, at + 265);
    if (magic.startsWith('ustar\0')) {
        return header.toString('latin1', at + 508, at + BLOCK) === 'tar\0' ? STAR_PREFIX_LENGTH : PREFIX_LENGTH;
    }
    // Go before 1.8 (Docker of 2016) wrote a prefix beside GNU's magic, where GNU tar has a time, in octal.
    return magic === 'ustar  \0' && octal(header, at + PREFIX_AT, 12) === null ? PREFIX_LENGTH : 0;
}
/** Made anew by each header: valid in the callbacks for one entry only. */
class TarEntry {
    /** Type flag, see {@link TYPE}; a file of the oldest format with a slash at its end is a directory. */
    type = 0;
    /** Bytes stored in the archive. */
    size = 0;
    mode = 0;
    /** Positions in the stream: of the first block that belongs to it, of its header, of its content. */
    start = 0;
    headerAt = 0;
    contentAt = 0;
    pax = null;
    /** Not null: its content is in pieces, see tar-sparse.ts. */
    sparse = null;
    /** Whether another block of the old sparse map follows. */
    extended = false;
    /** The name was put together of two fields, and stands nowhere in one piece. */
    joined = false;
    #scratch = new Uint8Array(NAME_LENGTH + PREFIX_LENGTH + 1);
    /** Holds the name in `[0, nameLength)`. */
    nameBytes = this.#scratch;
    nameLength = 0;
    #linkScratch = Buffer.alloc(NAME_LENGTH);
    #linkBytes = NO_BYTES;
    /** Fills it in; returns what is wrong with the header, or null. */
    read(header, at, before) {
        this.type = header[at + 156];
        this.mode = octal(header, at + 100, 8) ?? 0;
        this.pax = before.pax;
        this.sparse = null;
        this.extended = false;
        this.#readName(header, at);
        const size = number(header, at + 124, 12);
        if (size === null)
            return 'a size that is no number';
        this.size = size;
        const wrong = before.pax === null ? null : this.#applyPax(before.pax);
        if (before.longName !== null)
            this.#setName(before.longName);
        this.#readLink(header, at, before);
        if (this.type === TYPE.oldFile && this.nameBytes[this.nameLength - 1] === SLASH)
            this.type = TYPE.directory;
        if (HEADER_ONLY.has(this.type))
            this.size = 0;
        return wrong ?? (this.type === TYPE.oldSparse ? this.#readOldSparse(header, at) : null);
    }
    get name() {
        return this.nameBytes.subarray(0, this.nameLength);
    }
    get linkname() {
        return this.#linkBytes;
    }
    #readName(header, at) {
        const scratch = this.#scratch;
        const prefixed = prefixLength(header, at);
        const prefixEnd = prefixed === 0 ? PREFIX_AT : textEnd(header, at + PREFIX_AT, prefixed) - at;
        let length = 0;
        for (let i = PREFIX_AT; i < prefixEnd; i++)
            scratch[length++] = header[at + i];
        this.joined = length > 0;
        if (this.joined)
            scratch[length++] = SLASH;
        for (let i = at; i < at + NAME_LENGTH && header[i] !== 0; i++)
            scratch[length++] = header[i];
        this.nameBytes = scratch;
        this.nameLength = length;
    }
    #setName(name) {
        this.nameBytes = name;
        this.nameLength = textEnd(name, 0, name.length);
        this.joined = false;
    }
    #readLink(header, at, { longLink, pax }) {
        const long = longLink ?? pax?.value('linkpath');
        if (long !== undefined) {
            this.#linkBytes = long.subarray(0, textEnd(long, 0, long.length));
            return;
        }
        const to = textEnd(header, at + LINK_AT, NAME_LENGTH);
        const length = header.copy(this.#linkScratch, 0, at + LINK_AT, to);
        this.#linkBytes = length === 0 ? NO_BYTES : this.#linkScratch.subarray(0, length);
    }
    #applyPax(pax) {
        const name = pax.value('GNU.sparse.name') ?? pax.value('path');
        if (name !== undefined)
            this.#setName(name);
        const size = pax.text('size');
        if (size !== undefined) {
            const value = decimal(size);
            if (value === null)
                return 'a size that is no number';
            this.size = value;
        }
        const sparse = paxSparseMap(pax);
        this.sparse = sparse ?? null;
        return sparse === null ? 'a map of a sparse file that cannot be read' : null;
    }
    #readOldSparse(header, at) {
        const sparse = oldSparseMap(header, at);
        if (sparse === null)
            return 'a map of a sparse file that cannot be read';
        this.sparse = sparse.map;
        this.extended = sparse.extended;
        return null;
    }
}

;// CONCATENATED MODULE: ./build/js/scan/tar-pax.js
/** PAX extended header records (POSIX.1-2017 pax, "pax Header Block"): lines of `LENGTH KEY=VALUE`, LENGTH counting all of it. */
const NEWLINE = 0x0a;
const tar_pax_SPACE = 0x20;
const EQUALS = 0x3d;
/** Keys whose value is a name and cannot hold a NUL, as Go's archive/tar has it. */
const NAMES = new Set(['path', 'linkpath', 'uname', 'gname']);
/** The records of one extended header. */
class PaxRecords {
    bytes;
    all;
    constructor(bytes, all) {
        this.bytes = bytes;
        this.all = all;
    }
    /** null: malformed. */
    static parse(bytes) {
        const all = [];
        for (let at = 0; at < bytes.length;) {
            const record = parseRecord(bytes, at);
            if (record === null)
                return null;
            all.push(record);
            at = record.to + 1;
        }
        return new PaxRecords(bytes, all);
    }
    /** The value of the last record of this key; undefined when there is none, or an empty one, which takes it back. */
    value(key) {
        const record = this.all.findLast((one) => one.key === key);
        return record === undefined || record.from === record.to ? undefined : this.bytes.subarray(record.from, record.to);
    }
    text(key) {
        return this.value(key)?.toString('latin1');
    }
    /** The key in whose record the byte at `position` lies. */
    keyAt(position) {
        let low = 0;
        let high = this.all.length - 1;
        while (low < high) {
            const middle = (low + high) >> 1;
            if (position <= this.all[middle].to)
                high = middle;
            else
                low = middle + 1;
        }
        return this.all[low]?.key ?? '';
    }
}
function parseRecord(bytes, at) {
    let length = 0;
    let from = at;
    for (; from < at + 8 && bytes[from] !== tar_pax_SPACE; from++) {
        const digit = (bytes[from] ?? 0) - 0x30;
        if (digit < 0 || digit > 9)
            return null;
        length = length * 10 + digit;
    }
    const to = at + length - 1;
    const equals = bytes.indexOf(EQUALS, from);
    if (bytes[from] !== tar_pax_SPACE || bytes[to] !== NEWLINE || equals <= from + 1 || equals >= to)
        return null;
    const key = bytes.toString('latin1', from + 1, equals);
    if (key.includes('\0') || (NAMES.has(key) && bytes.subarray(equals + 1, to).includes(0)))
        return null;
    return { key, from: equals + 1, to };
}

;// CONCATENATED MODULE: ./build/js/scan/tar-hits.js
/** Tells which entry of a tar archive, and which part of it, each occurrence in the stream belongs to. */




const PARTS = ['content', 'name', 'link-target', 'xattr', 'header'];
/**
 * What lies in a header or before it waits until the header has been read, for only then it is known whose it is. An
 * occurrence belongs where its last byte lies.
 */
class TarHits {
    #onHit;
    #held = [];
    #extensions = [];
    #told = new Set();
    #start = 0;
    #contentAt = 0;
    constructor(onHit) {
        this.#onHit = onHit;
    }
    /** An occurrence that ends in bytes of this role. */
    add(role, occurrence) {
        const { needle, start } = occurrence;
        if (role === 'header' || role === 'extension')
            this.#held.push(occurrence);
        else if (role === 'content' && start >= this.#contentAt)
            this.tell(needle, 'content', start - this.#contentAt);
        else
            this.tell(needle, 'header', Math.max(0, start - this.#start));
    }
    extension(extension) {
        // Only to tell apart what was found in it.
        if (this.#held.length > 0)
            this.#extensions.push(extension);
    }
    /** What was held is this entry's. */
    entry(entry) {
        this.#begin(entry.start, entry.contentAt);
        for (const { needle, start, end } of this.#held) {
            this.tell(needle, this.#partAt(end - 1, entry), Math.max(0, start - entry.start));
        }
        this.#release();
    }
    /** What was held belongs to no entry, and what follows neither. */
    none() {
        this.#begin(0, Infinity);
        for (const { needle, start } of this.#held)
            this.tell(needle, 'header', start);
        this.#release();
    }
    tell(what, part, offset) {
        const key = (what.secret * FORMS.length + FORMS.indexOf(what.form)) * PARTS.length + PARTS.indexOf(part);
        if (this.#told.has(key))
            return;
        this.#told.add(key);
        this.#onHit(what, part, offset);
    }
    #begin(start, contentAt) {
        this.#start = start;
        this.#contentAt = contentAt;
        if (this.#told.size > 0)
            this.#told.clear();
    }
    #release() {
        if (this.#held.length > 0)
            this.#held = [];
        if (this.#extensions.length > 0)
            this.#extensions = [];
    }
    #partAt(position, entry) {
        if (position >= entry.headerAt && position < entry.headerAt + BLOCK)
            return fieldAt(position - entry.headerAt);
        const extension = this.#extensions.find(({ at, content }) => position >= at && position < at + content.length);
        if (extension === undefined)
            return 'header';
        if (extension.type === TYPE.longName)
            return 'name';
        if (extension.type === TYPE.longLink)
            return 'link-target';
        extension.records ??= PaxRecords.parse(extension.content);
        return partOfKey(extension.records?.keyAt(position - extension.at) ?? '');
    }
}
function partOfKey(key) {
    if (key === 'path' || key === 'GNU.sparse.name')
        return 'name';
    if (key === 'linkpath')
        return 'link-target';
    return /^(SCHILY|LIBARCHIVE)\.(xattr|acl)\./.test(key) ? 'xattr' : 'header';
}

;// CONCATENATED MODULE: ./build/js/scan/tar-search.js
const tar_search_NOTHING = Object.freeze([]);
/** Unlike ItemSearch it does not stop at the first of a kind: a stream holds many items. */
class StreamSearch {
    #matcher;
    #keep;
    /** The end of what came before, and room for as much of what follows. */
    #seam;
    #kept = 0;
    /** Position in the stream of the chunk now searched, and of the bytes now looked at. */
    #position = 0;
    #base = 0;
    #found = [];
    constructor(matcher) {
        this.#matcher = matcher;
        this.#keep = Math.max(0, matcher.longest - 1);
        this.#seam = new Uint8Array(2 * this.#keep);
    }
    /** The occurrences that end in `chunk`, which is the next of the stream. */
    push(chunk) {
        this.#found = [];
        this.#searchSeam(chunk);
        this.#base = this.#position;
        this.#matcher.search(chunk, 0, chunk.length, this.#onMatch);
        this.#position += chunk.length;
        this.#keepTail(chunk);
        return this.#found.length === 0 ? tar_search_NOTHING : this.#found.sort((a, b) => a.end - b.end);
    }
    #searchSeam(chunk) {
        if (this.#kept === 0)
            return;
        const head = Math.min(this.#keep, chunk.length);
        this.#seam.set(chunk.subarray(0, head), this.#kept);
        this.#base = this.#position - this.#kept;
        this.#matcher.search(this.#seam, 0, this.#kept + head, this.#onSeamMatch);
    }
    #keepTail(chunk) {
        const fresh = Math.min(this.#keep, chunk.length);
        const old = Math.min(this.#kept, this.#keep - fresh);
        if (old > 0)
            this.#seam.copyWithin(0, this.#kept - old, this.#kept);
        this.#seam.set(chunk.subarray(chunk.length - fresh), old);
        this.#kept = old + fresh;
    }
    #onMatch = (needle, start) => {
        const at = this.#base + start;
        this.#found.push({ needle, start: at, end: at + needle.bytes.length });
    };
    /** What lies on one side of the seam is found by the search of that side. */
    #onSeamMatch = (needle, start) => {
        if (start < this.#kept && start + needle.bytes.length > this.#kept)
            this.#onMatch(needle, start);
    };
}

;// CONCATENATED MODULE: ./build/js/scan/tar-sparse-expand.js
/** Makes of the stored bytes of a sparse file those that a reader of the file sees. */


/** A map at the beginning of the data may not be longer than this: it is kept whole. */
const MOST_MAP_BYTES = 1024 * 1024;
/**
 * Reads the map that stands at the beginning of the stored data: the number of fragments, then offset and length of
 * each, a line each, filled up with NULs to a whole block.
 */
class EmbeddedMap {
    #text = '';
    /** Bytes of the stored data that are the map's; known once {@link add} has returned the fragments. */
    length = 0;
    /** Takes the next stored bytes. 'more': not all of it seen; null: malformed. */
    add(bytes, from, to) {
        this.#text += Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1');
        if (this.#text.length > MOST_MAP_BYTES)
            return null;
        const count = decimal(/^(\d+)\n/.exec(this.#text)?.[1]);
        if (count === null)
            return this.#text.includes('\n') || this.#text.length > 16 ? null : 'more';
        if (count * 4 > MOST_MAP_BYTES)
            return null;
        const lines = this.#text.split('\n', 2 * count + 2);
        if (lines.length < 2 * count + 2)
            return 'more';
        const used = lines.slice(0, -1).reduce((sum, line) => sum + line.length + 1, 0);
        this.length = Math.ceil(used / BLOCK) * BLOCK;
        return pair(lines.slice(1, -1));
    }
}
/** Gives the file to `output` piece by piece; never throws. */
class SparseExpander {
    #output;
    #size;
    #embedded;
    #fragments;
    /** Stored bytes still to be passed over: the rest of the map. */
    #skip = 0;
    /** Stored bytes taken while the map was not complete. */
    #taken = 0;
    #next = 0;
    #inFragment = 0;
    /** Where in the file the next byte belongs. */
    #at = 0;
    /** What is stored does not fit the map. */
    #broken;
    constructor(map, output) {
        this.#output = output;
        this.#size = map.size;
        this.#embedded = map.fragments === 'embedded' ? new EmbeddedMap() : null;
        this.#fragments = map.fragments === 'embedded' ? [] : map.fragments;
        this.#broken = !isOrdered(this.#fragments, this.#size);
    }
    write(bytes, from, to) {
        if (this.#embedded !== null && this.#embedded.length === 0)
            this.#readMap(this.#embedded, bytes, from, to);
        else
            this.#place(bytes, from, to);
    }
    /** Whether all fragments came, each in its place. */
    end() {
        this.#startFragments();
        if (this.#broken || this.#next < this.#fragments.length || this.#skip > 0)
            return false;
        if (this.#size > this.#at)
            this.#output.hole(this.#size - this.#at);
        return true;
    }
    #readMap(map, bytes, from, to) {
        const fragments = map.add(bytes, from, to);
        if (fragments === null)
            this.#broken = true;
        if (fragments === 'more' || fragments === null) {
            this.#taken += to - from;
            return;
        }
        this.#fragments = fragments;
        this.#broken ||= !isOrdered(fragments, this.#size);
        this.#skip = map.length - this.#taken;
        this.#place(bytes, from, to);
    }
    #place(bytes, from, to) {
        const skipped = Math.min(this.#skip, to - from);
        this.#skip -= skipped;
        from += skipped;
        while (from < to && !this.#broken) {
            this.#startFragments();
            const fragment = this.#fragments[this.#next];
            if (fragment === undefined) {
                this.#broken = true;
                return;
            }
            const length = Math.min(fragment.length - this.#inFragment, to - from);
            this.#output.data(bytes, from, from + length);
            from += length;
            this.#at += length;
            this.#inFragment += length;
        }
        this.#startFragments();
    }
    /** Passes over what is complete or empty, and over the hole before the next fragment. */
    #startFragments() {
        for (;;) {
            const fragment = this.#fragments[this.#next];
            if (fragment === undefined)
                return;
            if (this.#at < fragment.offset) {
                this.#output.hole(fragment.offset - this.#at);
                this.#at = fragment.offset;
            }
            if (this.#inFragment < fragment.length)
                return;
            this.#next++;
            this.#inFragment = 0;
        }
    }
}

;// CONCATENATED MODULE: ./build/js/scan/tar-sparse-member.js
/** Searches a sparse file of a tar archive as a reader of the file sees it: what is stored lacks the holes. */





const ZEROS = new Uint8Array(BLOCK);
/** One sparse file: `write` for what is stored, then `end`. */
class SparseMember {
    #context;
    #search;
    #expander;
    #size;
    /** The beginning of the file; all of it once it turned out to be an archive. */
    #bytes;
    #at = 0;
    /** Where in the file the search's current item begins. */
    #base = 0;
    #matches = [];
    constructor(map, context) {
        this.#context = context;
        this.#size = map.size;
        this.#bytes = Buffer.alloc(Math.min(map.size, BLOCK));
        this.#search = new ItemSearch(context.matcher);
        this.#search.begin();
        this.#expander = new SparseExpander(map, this);
    }
    /** Stored bytes `[from, to)`. */
    write(bytes, from, to) {
        this.#expander.write(bytes, from, to);
    }
    /** Call once, after the last stored byte. */
    end(place, scopeOf) {
        const complete = this.#expander.end();
        this.#flush();
        this.#grow();
        return { matches: this.#matches, complete, archive: this.#open(place, scopeOf) };
    }
    #open(place, scopeOf) {
        const kind = archiveKind(this.#bytes, this.#bytes.length);
        if (kind === null)
            return null;
        const { limits, sink } = this.#context;
        if (this.#bytes.length < this.#size || place.depth > limits.depth) {
            const reason = `is a sparse archive of more than ${Math.floor(limits.zipBytes / MIB)} MiB, or nested too deep`;
            sink.shortfall({ path: place.path, reason });
            return null;
        }
        const archive = scopeOf().open(kind, { ...place, size: this.#size });
        void archive.write(this.#bytes);
        return archive;
    }
    data(bytes, from, to) {
        this.#search.push(bytes, from, to);
        const inHead = Math.min(to - from, Math.max(0, BLOCK - this.#at));
        this.#keep(bytes, from, from + inHead);
        if (this.#at >= BLOCK)
            this.#grow();
        this.#keep(bytes, from + inHead, to);
    }
    #keep(bytes, from, to) {
        if (this.#at + to - from <= this.#bytes.length)
            this.#bytes.set(bytes.subarray(from, to), this.#at);
        this.#at += to - from;
    }
    /** Of a hole only so much is searched as an occurrence could reach into it from either side. */
    hole(length) {
        const reach = this.#context.matcher.longest;
        this.#zeros(Math.min(length, reach));
        if (length > reach) {
            this.#flush();
            this.#base = this.#at + length - Math.min(reach, length);
            this.#zeros(Math.min(length, reach));
        }
        this.#at += length;
    }
    #zeros(length) {
        for (let left = length; left > 0; left -= ZEROS.length)
            this.#search.push(ZEROS, 0, Math.min(left, ZEROS.length));
    }
    #flush() {
        for (const match of this.#search.end())
            this.#matches.push({ ...match, offset: match.offset + this.#base });
        this.#search.begin();
    }
    /** Once its beginning is known, an archive is kept whole, as far as that may be. */
    #grow() {
        if (this.#bytes.length !== BLOCK || this.#size > this.#context.limits.zipBytes)
            return;
        if (archiveKind(this.#bytes, BLOCK) === null)
            return;
        const whole = Buffer.alloc(this.#size);
        this.#bytes.copy(whole);
        this.#bytes = whole;
    }
}

;// CONCATENATED MODULE: ./build/js/scan/tar.js
/**
 * Reads a tar archive that is pushed in, in chunks of any size: ustar, GNU and PAX long names, large sizes, sparse files,
 * and the oldest format. Where readers differ it goes by Go's archive/tar, which the engine reads layers with. Nothing is
 * copied but what crosses from one chunk to the next and what precedes a header; nothing is kept of an entry.
 */




/** As in Go's archive/tar: longer ones are no names or records. */
const MOST_EXTENSION_BYTES = 1024 * 1024;
/** They are kept while the file is read. */
const MOST_FRAGMENTS = 128 * 1024;
const tar_NOTHING = Object.freeze({ longName: null, longLink: null, pax: null });
const isExtension = (type) => type === TYPE.longName || type === TYPE.longLink || type === TYPE.pax || type === TYPE.globalPax;
/** Never throws, whatever the bytes. Give it a new instance an archive. */
class TarParser {
    #events;
    #entry = new TarEntry();
    #phase = 'header';
    /** Bytes of the current phase still to come. */
    #left = 0;
    #padding = 0;
    /** A block that crosses from one chunk to the next. */
    #block = Buffer.alloc(BLOCK);
    #filled = 0;
    /** The extension that is coming in, its type, and where it starts. */
    #extension = Buffer.alloc(0);
    #extensionType = 0;
    #extensionAt = 0;
    #before = { ...tar_NOTHING };
    /** Position of the first block of the entry to come; -1: none was seen. */
    #start = -1;
    #zeroBlocks = 0;
    #wrong = null;
    /** Position of the current chunk in the stream. */
    #base = 0;
    constructor(events) {
        this.#events = events;
    }
    /** Takes the next bytes. */
    write(bytes) {
        const chunk = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
        for (let at = 0; at < chunk.length;) {
            const isBlock = this.#phase === 'header' || this.#phase === 'sparse-map';
            at = isBlock ? this.#takeBlock(chunk, at) : this.#takeData(chunk, at);
        }
        this.#base += chunk.length;
    }
    /** Call once, after the last byte. An entry whose content is not complete gets no `entryEnd`. */
    end() {
        if (this.#wrong !== null)
            return { state: 'malformed', reason: this.#wrong };
        if (this.#zeroBlocks >= 2)
            return { state: 'complete', reason: null };
        return { state: 'cut', reason: this.#base === 0 ? 'it is empty' : 'it was cut short' };
    }
    #takeBlock(chunk, at) {
        const role = this.#phase === 'header' ? 'header' : 'extension';
        const to = Math.min(at + BLOCK - this.#filled, chunk.length);
        this.#events.bytes(role, chunk, at, to);
        if (to - at === BLOCK) {
            this.#takeWhole(chunk, at, this.#base + at);
            return to;
        }
        chunk.copy(this.#block, this.#filled, at, to);
        this.#filled += to - at;
        if (this.#filled === BLOCK) {
            this.#filled = 0;
            this.#takeWhole(this.#block, 0, this.#base + to - BLOCK);
        }
        return to;
    }
    #takeWhole(block, at, position) {
        if (this.#phase === 'sparse-map')
            this.#takeSparseMap(block, at, position);
        else if (block[at] === 0 && isZeroBlock(block, at))
            this.#takeZeros();
        else if (this.#zeroBlocks > 0)
            this.#giveUp('a block of zeros is in its middle');
        else if (isHeaderBlock(block, at))
            this.#takeHeader(block, at, position);
        else
            this.#giveUp('a header with a wrong checksum');
    }
    #takeZeros() {
        if (this.#start !== -1)
            this.#giveUp('a name without its entry');
        else if (++this.#zeroBlocks === 2)
            this.#phase = 'rest';
    }
    #takeHeader(block, at, position) {
        if (this.#start === -1)
            this.#start = position;
        const entry = this.#entry;
        const type = block[at + 156];
        const wrong = entry.read(block, at, isExtension(type) ? tar_NOTHING : this.#before);
        if (wrong !== null) {
            this.#giveUp(wrong);
            return;
        }
        this.#left = entry.size;
        this.#padding = (BLOCK - (entry.size % BLOCK)) % BLOCK;
        if (isExtension(type)) {
            this.#startExtension(type, position + BLOCK);
            return;
        }
        entry.start = this.#start;
        entry.headerAt = position;
        entry.contentAt = position + BLOCK;
        this.#before = { ...tar_NOTHING };
        this.#start = -1;
        if (entry.extended)
            this.#phase = 'sparse-map';
        else
            this.#startContent();
    }
    #startContent() {
        this.#phase = 'content';
        this.#events.entry(this.#entry);
        if (this.#left === 0)
            this.#endData();
    }
    #takeSparseMap(block, at, position) {
        const more = oldSparseExtension(block, at);
        const map = this.#entry.sparse;
        if (more === null || map === null || map.fragments === 'embedded' || map.fragments.length > MOST_FRAGMENTS) {
            this.#giveUp('a map of a sparse file that cannot be read');
            return;
        }
        map.fragments.push(...more.fragments);
        this.#entry.contentAt = position + BLOCK;
        if (!more.extended)
            this.#startContent();
    }
    #startExtension(type, contentAt) {
        if (this.#left > MOST_EXTENSION_BYTES) {
            this.#giveUp('a name or record that is too long');
            return;
        }
        this.#phase = 'extension';
        this.#extensionType = type;
        this.#extensionAt = contentAt;
        this.#extension = Buffer.allocUnsafe(this.#left);
        if (this.#left === 0)
            this.#endData();
    }
    #takeData(chunk, at) {
        const role = this.#phase;
        if (role === 'rest')
            return this.#takeRest(chunk, at);
        const to = Math.min(at + this.#left, chunk.length);
        if (role === 'extension')
            chunk.copy(this.#extension, this.#extension.length - this.#left, at, to);
        this.#left -= to - at;
        this.#events.bytes(role, chunk, at, to);
        if (this.#left === 0)
            this.#endData();
        return to;
    }
    #endData() {
        if (this.#phase === 'extension')
            this.#endExtension();
        else if (this.#phase === 'content')
            this.#events.entryEnd();
        if (this.#wrong !== null)
            return;
        const padded = this.#phase !== 'padding' && this.#padding > 0;
        this.#phase = padded ? 'padding' : 'header';
        this.#left = padded ? this.#padding : 0;
    }
    #endExtension() {
        const content = this.#extension;
        this.#extension = Buffer.alloc(0);
        this.#events.extension(this.#extensionType, this.#extensionAt, content);
        if (this.#extensionType === TYPE.longName)
            this.#before.longName = content;
        else if (this.#extensionType === TYPE.longLink)
            this.#before.longLink = content;
        else
            this.#endRecords(content);
    }
    /** Records for all that follows are an entry of their own to the engine, and change nothing: others apply them. */
    #endRecords(content) {
        const pax = PaxRecords.parse(content);
        if (pax === null)
            this.#giveUp('PAX records that cannot be read');
        else if (this.#extensionType === TYPE.pax)
            this.#before.pax = pax;
        else if (pax.all.some(({ key }) => key === 'size' || key.startsWith('GNU.sparse.'))) {
            this.#giveUp('a size for all entries, which readers take differently');
        }
        else {
            this.#before = { ...tar_NOTHING };
            this.#start = -1;
        }
    }
    #takeRest(chunk, at) {
        this.#events.bytes('rest', chunk, at, chunk.length);
        if (this.#wrong !== null)
            return chunk.length;
        while (at < chunk.length && chunk[at] === 0)
            at++;
        if (at < chunk.length)
            this.#wrong = 'there is something behind its end';
        return chunk.length;
    }
    /** What follows can no longer be told apart. */
    #giveUp(reason) {
        this.#wrong = reason;
        this.#phase = 'rest';
    }
}

;// CONCATENATED MODULE: ./build/js/scan/tar-scan.js






const NO_NAME = new Uint8Array(0);
class TarScan {
    /** Entries, and bytes of the archive. */
    items = 0;
    length = 0;
    #context;
    #options;
    #search;
    #parser;
    #hits;
    #member;
    /** Where the current entry's content goes, when it is sparse. */
    #sparse = null;
    #sparseBroken = false;
    #entry = null;
    /** Its content is not complete. */
    #isOpen = false;
    /** Entries have ended. */
    #isBehind = false;
    /** Of the current entry, made when first asked for. */
    #path = null;
    #found = [];
    #next = 0;
    #position = 0;
    #pending = null;
    #place;
    constructor(context, options) {
        this.#context = context;
        this.#options = options;
        this.#search = new StreamSearch(context.matcher);
        this.#parser = new TarParser(this);
        this.#hits = new TarHits(this.#onHit);
        this.#member = new unpack_member_Member(context, options.scopeOf, false);
        this.#place = { path: () => this.#pathNow(), size: 0, depth: options.depth, compressed: null };
    }
    write(bytes) {
        this.#found = this.#search.push(bytes);
        this.#next = 0;
        this.#position = this.length;
        this.#parser.write(bytes);
        this.length += bytes.length;
        return this.#takePending();
    }
    /** How the archive ended; call once, after the last byte, then {@link end}. */
    finish() {
        const end = this.#parser.end();
        this.#leaveEntries();
        if (this.#sparseBroken)
            return { state: 'malformed', reason: end.reason ?? 'a sparse file does not fit its map' };
        return end;
    }
    /** Ends an entry that was cut short, and all that is still being unpacked. */
    end() {
        if (this.#isOpen)
            this.entryEnd();
        return this.#takePending();
    }
    bytes(role, chunk, from, to) {
        if (role === 'rest' && !this.#isBehind)
            this.#leaveEntries();
        if (this.#next < this.#found.length)
            this.#attribute(role, this.#position + to);
        if (role !== 'content')
            return;
        if (this.#sparse !== null)
            this.#sparse.write(chunk, from, to);
        else
            this.#pend(this.#member.write(chunk.subarray(from, to)));
    }
    extension(type, at, content) {
        this.#hits.extension({ type, at, content });
    }
    entry(entry) {
        this.items++;
        this.#entry = entry;
        this.#path = null;
        this.#isOpen = true;
        this.#hits.entry(entry);
        if (entry.joined)
            this.#searchName(entry);
        this.#options.onEntry?.(entry);
        this.#sparse = entry.sparse === null ? null : new SparseMember(entry.sparse, this.#context);
        if (entry.size === 0 || this.#sparse !== null)
            return;
        this.#place.size = entry.size;
        this.#member.begin(this.#place);
    }
    entryEnd() {
        const sparse = this.#sparse;
        if (sparse !== null)
            this.#endSparse(sparse);
        else if (this.#entry !== null && this.#entry.size > 0)
            this.#pend(this.#member.end());
        this.#sparse = null;
        this.#isOpen = false;
    }
    #attribute(role, end) {
        for (; this.#next < this.#found.length; this.#next++) {
            const occurrence = this.#found[this.#next];
            if (occurrence.end > end)
                return;
            this.#hits.add(role, occurrence);
        }
    }
    /** The name of an entry that stands in two fields. */
    #searchName(entry) {
        this.#context.matcher.search(entry.nameBytes, 0, entry.nameLength, ({ secret, form }) => {
            this.#hits.tell({ secret, form }, 'name', 0);
        });
    }
    #endSparse(sparse) {
        const { path, depth } = { path: this.#pathNow(), depth: this.#options.depth };
        const { matches, complete, archive } = sparse.end({ path, depth, size: null }, this.#options.scopeOf);
        for (const { secret, form, offset } of matches)
            this.#hits.tell({ secret, form }, 'content', offset);
        if (!complete)
            this.#sparseBroken = true;
        if (archive !== null)
            this.#pend(archive.end());
    }
    /** What follows is no entry's. */
    #leaveEntries() {
        this.#isBehind = true;
        if (this.#isOpen)
            return;
        this.#entry = null;
        this.#path = null;
        this.#hits.none();
    }
    #pathNow() {
        this.#path ??= this.#options.pathOf(this.#entry?.name ?? NO_NAME);
        return this.#path;
    }
    #onHit = ({ secret, form }, part, offset) => {
        const hit = { secret, form, offset, path: this.#pathNow(), part };
        this.#context.sink.hit(hit);
    };
    #pend(wait) {
        this.#pending = both(this.#pending, wait);
    }
    #takePending() {
        const pending = this.#pending;
        this.#pending = null;
        return pending;
    }
}

;// CONCATENATED MODULE: ./build/js/scan/unpack-tar.js
/** Opens a tar archive inside of something else. */


class Tar {
    #place;
    #scope;
    #scan;
    constructor(place, scope) {
        this.#place = place;
        this.#scope = scope;
        this.#scan = new TarScan(scope.context, {
            pathOf: (name) => memberPath(place.path, name, scope.context),
            depth: place.depth + 1,
            scopeOf: () => scope
        });
    }
    write(bytes) {
        return this.#scan.write(bytes);
    }
    end() {
        const { state } = this.#scan.finish();
        const { sink } = this.#scope.context;
        // One that is only cut short hides nothing: all there is of it was searched.
        if (state === 'malformed')
            sink.shortfall({ path: this.#place.path, reason: BROKEN });
        sink.counted(this.#scan.items, this.#scan.length);
        return this.#scan.end();
    }
}

// EXTERNAL MODULE: ./node_modules/yauzl/index.js
var yauzl = __nccwpck_require__(663);
;// CONCATENATED MODULE: external "node:stream"
const external_node_stream_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:stream");
;// CONCATENATED MODULE: ./build/js/scan/unpack-zstd.js
/** zstd (RFC 8878): frames one behind the other; those to be skipped hold no compressed data. */


const unpack_zstd_MAGIC = [0x28, 0xb5, 0x2f, 0xfd];
const SKIPPABLE = [0x50, 0x2a, 0x4d, 0x18];
/** A frame is left to the decoder from its magic on, a skippable one too. */
function unpack_zstd_headerLength(bytes) {
    const starts = (magic, mask) => magic.every((byte, i) => i >= bytes.length || (bytes[i] & (i === 0 ? mask : 0xff)) === byte);
    if (!starts(unpack_zstd_MAGIC, 0xff) && !starts(SKIPPABLE, 0xf0))
        return null;
    return bytes.length < unpack_zstd_MAGIC.length ? 'more' : 0;
}
/** Node.js has zstd from 22.15 and 23.8 on (https://nodejs.org/api/zlib.html#zlibcreatezstddecompressoptions). */
const hasZstd = "createZstdDecompress" in external_node_zlib_namespaceObject_0;
const ZSTD_CODEC = {
    name: 'zstd',
    available: hasZstd,
    headerLength: unpack_zstd_headerLength,
    trailerLength: 0,
    needsCrc: false,
    // The decoder compares the checksum itself.
    isRight: () => true,
    stream: (chunkSize) => external_node_zlib_namespaceObject.createZstdDecompress({ chunkSize }),
    whole(bytes, most) {
        const options = { info: true, maxOutputLength: most, chunkSize: chunkSizeFor(bytes.length) };
        const { buffer, engine } = external_node_zlib_namespaceObject.zstdDecompressSync(bytes, options);
        return { output: buffer, used: engine.bytesWritten };
    },
    beginning(bytes, most) {
        return external_node_zlib_namespaceObject.zstdDecompressSync(bytes, { finishFlush: external_node_zlib_namespaceObject.constants.ZSTD_e_continue, maxOutputLength: most });
    }
};

;// CONCATENATED MODULE: ./build/js/scan/unpack-zip-entry.js
/** Unpacks the entries of a zip file. yauzl reads the directory; the data is read here: it checks no CRC. */







/** PKWARE APPNOTE, 4.4.5. */
const STORED = 0;
const CODECS = new Map([
    [8, GZIP_CODEC],
    [93, ZSTD_CODEC]
]);
const unpack_zip_entry_SMALL_OUTPUT = 16 * MIB;
class ZipEntries {
    items = 0;
    bytes = 0;
    #place;
    #file;
    #scope;
    #member;
    constructor(place, file, scope) {
        this.#place = place;
        this.#file = file;
        this.#scope = scope;
        this.#member = new unpack_member_Member(scope.context, () => scope, true);
    }
    /** Searches one entry; the range that it takes in the file, null when its local header cannot be read. */
    async unpack(zip, entry) {
        const path = memberPath(this.#place.path, entry.fileNameRaw, this.#scope.context);
        const start = await dataStart(zip, entry);
        const refused = start === null ? BROKEN : refusal(entry);
        if (refused !== null)
            this.#scope.context.sink.shortfall({ path, reason: refused });
        else if (start !== null)
            await this.#search(path, entry, start);
        return start === null ? null : { from: entry.relativeOffsetOfLocalHeader, to: start + entry.compressedSize };
    }
    async #search(path, entry, start) {
        this.items++;
        if (entry.compressedSize === 0 && entry.uncompressedSize === 0)
            return;
        const output = { path, length: 0, crc: 0, stopped: false, broken: false };
        this.#member.begin({
            path: () => path,
            size: entry.uncompressedSize,
            depth: this.#place.depth + 1,
            compressed: null
        });
        const codec = CODECS.get(entry.compressionMethod);
        const whole = codec !== undefined && entry.compressedSize <= MIB ? this.#whole(codec, entry, start) : null;
        if (codec === undefined)
            await this.#stored(output, start, entry.compressedSize);
        else if (whole !== null) {
            output.broken = whole.broken;
            await this.#emit(output, whole.bytes);
        }
        else
            await this.#stream(output, codec, { start, length: entry.compressedSize });
        await this.#member.end();
        this.bytes += output.length;
        const right = !output.broken && output.length === entry.uncompressedSize && output.crc === entry.crc32;
        if (!right && !output.stopped)
            this.#scope.context.sink.shortfall({ path, reason: BROKEN });
    }
    #emit(output, piece) {
        output.length += piece.length;
        output.crc = (0,external_node_zlib_namespaceObject.crc32)(piece, output.crc);
        if (piece.length === 0 || output.stopped)
            return null;
        output.stopped = !this.#scope.made(piece.length, output.path);
        return output.stopped ? null : this.#member.write(piece);
    }
    async #stored(output, start, length) {
        for (const piece of this.#pieces(start, length)) {
            await this.#emit(output, piece);
            if (output.stopped)
                return;
        }
    }
    /** What comes out of a small entry; null: too much to have it at once. */
    #whole(codec, entry, start) {
        const data = this.#read(start, entry.compressedSize);
        if (!codec.available)
            return { bytes: Buffer.alloc(0), broken: true };
        try {
            const { output, used } = codec.whole(data, unpack_zip_entry_SMALL_OUTPUT);
            return { bytes: output, broken: used !== data.length || data.length !== entry.compressedSize };
        }
        catch (error) {
            if (error.code === 'ERR_BUFFER_TOO_LARGE')
                return null;
            return { bytes: salvage(codec, data, unpack_zip_entry_SMALL_OUTPUT) ?? Buffer.alloc(0), broken: true };
        }
    }
    async #stream(output, codec, range) {
        output.broken = !codec.available;
        if (output.broken)
            return;
        const frame = new FrameStream(codec.stream(MIB), (piece) => {
            const wait = this.#emit(output, piece);
            if (output.stopped)
                frame.stop();
            return wait;
        });
        for (const piece of this.#pieces(range.start, range.length)) {
            const rest = await frame.write(piece);
            if (rest.length > 0)
                output.broken = true;
            if (frame.state !== 'open')
                break;
        }
        await frame.finish();
        if (frame.state !== 'ended')
            output.broken = true;
    }
    *#pieces(start, length) {
        for (let at = 0; at < length; at += MIB)
            yield this.#read(start + at, Math.min(MIB, length - at));
    }
    #read(position, length) {
        const bytes = Buffer.allocUnsafe(length);
        return bytes.subarray(0, this.#file.read(bytes, 0, length, position));
    }
}
/** Why an entry cannot be unpacked. */
function refusal(entry) {
    if (entry.isEncrypted())
        return 'is encrypted';
    const method = entry.compressionMethod;
    return method === STORED || CODECS.has(method) ? null : `is compressed by method ${method}, which cannot be unpacked`;
}
async function dataStart(zip, entry) {
    try {
        const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
        return fileDataStart;
    }
    catch {
        // Not a local header, or one whose data would lie beyond the end: told as broken.
        return null;
    }
}

;// CONCATENATED MODULE: ./build/js/scan/unpack-zip-gaps.js
/** Signature of a local header (PKWARE APPNOTE, 4.3.7). */
const LOCAL_HEADER = Buffer.from([0x50, 0x4b, 3, 4]);
const WINDOW = 64 * 1024;
/** Whether a local header starts in what lies between, before or behind the entries. */
function hasHiddenEntry(file, covered) {
    covered.sort((a, b) => a.from - b.from);
    let at = 0;
    for (const { from, to } of covered) {
        if (hasLocalHeader(file, at, from))
            return true;
        at = Math.max(at, to);
    }
    return hasLocalHeader(file, at, file.size);
}
function hasLocalHeader(file, from, to) {
    const overlap = LOCAL_HEADER.length - 1;
    if (to - from <= overlap)
        return false;
    const window = Buffer.allocUnsafe(Math.min(WINDOW, to - from));
    for (let at = from; at + overlap < to; at += window.length - overlap) {
        const length = file.read(window, 0, Math.min(window.length, to - at), at);
        if (window.subarray(0, length).includes(LOCAL_HEADER))
            return true;
        if (length < Math.min(window.length, to - at))
            return false;
    }
    return false;
}

;// CONCATENATED MODULE: ./build/js/scan/unpack-zip.js
/** Unpacks zip files (jar, whl, docx…): every entry of the central directory, and a look at what is between them. */





/** yauzl's way to read, answered at once. */
class Reader extends yauzl/* RandomAccessReader */.lJ {
    #file;
    constructor(file) {
        super();
        this.#file = file;
    }
    read(buffer, offset, length, position, callback) {
        let read;
        try {
            read = this.#file.read(buffer, offset, length, position);
        }
        catch (error) {
            callback(error);
            return;
        }
        callback(null, read);
    }
    /** Contents are read by unpack-zip-entry.ts. */
    _readStreamForRange() {
        return external_node_stream_namespaceObject.Readable.from([]);
    }
}
/** Reads a zip file that can be read anywhere. Never rejects but for what `file.read` throws. */
async function unpackZip(place, file, scope) {
    const zip = await unpack_zip_open(file);
    const { sink } = scope.context;
    if (zip === null) {
        sink.shortfall({ path: place.path, reason: 'begins like a zip file and has no directory that can be read' });
        return;
    }
    const entries = new ZipEntries(place, file, scope);
    const covered = [];
    for await (const entry of unpack_zip_entriesOf(zip)) {
        const range = entry === null ? null : await entries.unpack(zip, entry);
        if (range !== null)
            covered.push(range);
        if (entry === null)
            sink.shortfall({ path: place.path, reason: BROKEN });
    }
    sink.counted(entries.items, entries.bytes);
    if (hasHiddenEntry(file, covered)) {
        sink.shortfall({ path: place.path, reason: 'has entries that its directory does not list' });
    }
}
async function unpack_zip_open(file) {
    try {
        const options = { autoClose: false, decodeStrings: false, validateEntrySizes: false };
        return await (0,yauzl/* fromRandomAccessReaderPromise */.or)(new Reader(file), file.size, options);
    }
    catch {
        // Whatever yauzl says about the directory: it cannot be read, and that is told.
        return null;
    }
}
/** The entries; null: the directory is broken from here on. */
async function* unpack_zip_entriesOf(zip) {
    try {
        for await (const entry of zip.eachEntry())
            yield entry;
    }
    catch {
        // As above.
        yield null;
    }
}
/** Opens a zip file that comes in pieces: kept whole, for its directory is at its end. */
class Zip {
    #place;
    #scope;
    #kept = [];
    #length = 0;
    constructor(place, scope) {
        this.#place = place;
        this.#scope = scope;
    }
    write(bytes) {
        this.#length += bytes.length;
        if (this.#length <= this.#scope.context.limits.zipBytes)
            this.#kept.push(bytes);
        else
            this.#kept = [];
        return null;
    }
    end() {
        const most = this.#scope.context.limits.zipBytes;
        if (this.#length > most) {
            const reason = `is a zip file of more than ${Math.floor(most / MIB)} MiB inside of another file`;
            this.#scope.context.sink.shortfall({ path: this.#place.path, reason });
            return null;
        }
        const [only] = this.#kept;
        const bytes = this.#kept.length === 1 && only !== undefined ? only : Buffer.concat(this.#kept);
        this.#kept = [];
        return unpackZip(this.#place, accessTo(bytes), this.#scope);
    }
}
/** Bytes in memory, to be read like a file. */
function accessTo(bytes) {
    return {
        size: bytes.length,
        read(buffer, offset, length, position) {
            const part = bytes.subarray(position, position + length);
            buffer.set(part, offset);
            return part.length;
        }
    };
}

;// CONCATENATED MODULE: ./build/js/scan/unpack.js
/**
 * Searches inside archives, nested to a depth: gzip, zstd, zip (jar, whl) and tar. The outer bytes are the caller's to
 * search; here it is what can only be seen unpacked. What is not read to its end is a shortfall, never a silent skip.
 */









/** A scope for one outermost archive. */
function newScope(context) {
    return new Scope(context, openArchive);
}
function openArchive(kind, place, scope) {
    return place.outermost ? new Outermost(opened(kind, place, scope), scope) : opened(kind, place, scope);
}
function opened(kind, place, scope) {
    switch (kind) {
        case 'gzip':
            return new Frames(GZIP_CODEC, place, scope);
        case 'zstd':
            return new Frames(ZSTD_CODEC, place, scope);
        case 'zip':
            return new Zip(place, scope);
        case 'tar':
            return new Tar(place, scope);
    }
}
/** Counts what goes in. */
class Outermost {
    #inner;
    #scope;
    constructor(inner, scope) {
        this.#inner = inner;
        this.#scope = scope;
    }
    write(bytes) {
        this.#scope.took(bytes.length);
        return this.#inner.write(bytes);
    }
    end() {
        return this.#inner.end();
    }
}
/** Searches inside an archive that can be read anywhere. Rejects only with what `file.read` throws. */
async function unpackFile(kind, path, file, context) {
    const place = { path, depth: 1, size: file.size };
    const scope = newScope(context);
    if (kind === 'zip') {
        scope.took(file.size);
        await unpackZip(place, file, scope);
        return;
    }
    const consumer = scope.open(kind, place);
    for (let at = 0; at < file.size;) {
        // A new one each time: the consumer keeps what it has not yet done with.
        const buffer = Buffer.allocUnsafe(Math.min(MIB, file.size - at));
        const length = file.read(buffer, 0, buffer.length, at);
        if (length === 0)
            break;
        at += length;
        await consumer.write(buffer.subarray(0, length));
    }
    await consumer.end();
}
/** Searches inside an archive that comes in chunks, which may not be changed afterwards. Rejects as `chunks` does. */
async function unpackChunks(kind, path, chunks, context) {
    await consume(newScope(context).open(kind, { path, depth: 1, size: null }), chunks);
}
/**
 * Searches an item, called `shown` in hits, raw and, where it is an archive, inside. The chunks may not be changed
 * afterwards. Rejects as `chunks` does.
 */
async function searchInside({ depth, context }, chunks, shown) {
    const scope = newScope(context);
    const member = new Member(context, () => scope, true);
    member.begin({ path: () => shown, size: null, depth: depth + 1, compressed: null });
    await consume(member, chunks);
}
async function consume(consumer, chunks) {
    for await (const chunk of chunks)
        await consumer.write(chunk);
    await consumer.end();
}

;// CONCATENATED MODULE: ./build/js/scan/walk-file.js
/** Reads and searches the contents of single files with one reused buffer. */




/** Fits the processor's cache: larger ones are slower. */
const BUFFER_BYTES = 256 * 1024;
/** A smaller file with several names is read once a name: asking for its number would cost more. */
const LINKED_BYTES = 64 * 1024;
const MOST_LINKED = 100_000;
/** Larger files are searched in pieces, which several threads can share. */
const PIECE_BYTES = 64 * 1024 * 1024;
/**
 * Opens what a descriptor names if it is a regular file, and closes the descriptor. null: a device, pipe or socket, which
 * holds nothing: where a container has a user namespace, runc binds the host's devices over empty files (rootfs_linux.go).
 */
function openLooked(name) {
    try {
        const stats = (0,external_node_fs_namespaceObject.fstatSync)(name);
        if (stats.isCharacterDevice() || stats.isBlockDevice() || stats.isFIFO() || stats.isSocket())
            return null;
        if (!stats.isFile())
            throw Object.assign(new Error('not a regular file'), { code: 'is no regular file any more' });
        return { fd: openNamed(name), stats };
    }
    finally {
        (0,external_node_fs_namespaceObject.closeSync)(name);
    }
}
const walk_file_NOTHING = Object.freeze([]);
class FileSearch {
    #search;
    #overlap;
    #dataRanges;
    #buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
    /** Matches of files with several names, by device and inode number. */
    #linked = new Map();
    constructor(matcher, dataRanges) {
        this.#search = new ItemSearch(matcher);
        this.#overlap = Math.max(0, matcher.longest - 1);
        this.#dataRanges = dataRanges;
    }
    /** Opens a regular file by a path of walk-open.ts. `careful`: looks at it first, see above. Throws what the calls throw. */
    open(path, careful) {
        return careful ? openLooked(openNameOnly(path)) : { fd: openFile(path), stats: null };
    }
    /** Searches an open file and closes it, unless something is left to do. */
    search({ fd, stats }) {
        let rest = null;
        try {
            const result = this.#searchOpen(fd, stats);
            rest = result.rest;
            return result;
        }
        finally {
            if (rest === null)
                (0,external_node_fs_namespaceObject.closeSync)(fd);
        }
    }
    #searchOpen(fd, known) {
        const buffer = this.#buffer;
        const length = this.#fill(fd);
        if (length === 0)
            return { bytes: 0, matches: walk_file_NOTHING, stats: known, rest: null };
        const stats = length >= LINKED_BYTES ? (known ?? (0,external_node_fs_namespaceObject.fstatSync)(fd)) : known;
        const link = stats !== null && stats.nlink > 1 && length >= LINKED_BYTES ? `${stats.dev}:${stats.ino}` : null;
        const before = link === null ? undefined : this.#linked.get(link);
        if (before !== undefined)
            return { bytes: 0, matches: before, stats, rest: null };
        const archive = archiveKind(buffer, length);
        const ranges = stats === null || length < buffer.length ? [] : this.#pieces(fd, stats);
        const whole = ranges.length === 0;
        const bytes = whole ? this.#toEnd(fd, length) : 0;
        const matches = whole ? this.#search.end() : walk_file_NOTHING;
        if (link !== null && this.#linked.size < MOST_LINKED)
            this.#linked.set(link, matches);
        const done = whole && archive === null;
        return { bytes, matches, stats, rest: done ? null : { fd, stats: stats ?? (0,external_node_fs_namespaceObject.fstatSync)(fd), ranges, archive } };
    }
    /** Searches from the first block, which is in the buffer, to the end; returns the bytes read. */
    #toEnd(fd, first) {
        this.#search.begin();
        let bytes = 0;
        for (let length = first; length > 0; length = length < this.#buffer.length ? 0 : this.#fill(fd)) {
            this.#search.push(this.#buffer, 0, length);
            bytes += length;
        }
        return bytes;
    }
    /** Pieces of a large file; none when it is to be read on in one go. */
    #pieces(fd, stats) {
        if (stats.size <= PIECE_BYTES)
            return [];
        const sparse = stats.blocks * 512 < stats.size / 2;
        const whole = [{ from: 0, to: stats.size }];
        const ranges = (sparse ? this.#dataRanges?.(fd, stats.size) : null) ?? whole;
        const pieces = [];
        for (const range of ranges)
            for (let from = range.from; from < range.to; from += PIECE_BYTES)
                pieces.push({ from, to: Math.min(range.to, from + PIECE_BYTES) });
        // A file of nothing but a hole is searched to its end by not reading it.
        return pieces.length === 0 ? [{ from: 0, to: 0 }] : pieces;
    }
    /** Searches one piece and as far around it as a needle can reach; offsets are those of the file. */
    piece(fd, range) {
        const from = Math.max(0, range.from - this.#overlap);
        const to = range.to + this.#overlap;
        let at = from;
        this.#search.begin();
        while (at < to) {
            const length = (0,external_node_fs_namespaceObject.readSync)(fd, this.#buffer, 0, Math.min(this.#buffer.length, to - at), at);
            if (length === 0)
                break;
            this.#search.push(this.#buffer, 0, length);
            at += length;
        }
        const matches = this.#search.end().map((match) => ({ ...match, offset: match.offset + from }));
        return { bytes: Math.max(0, Math.min(at, range.to) - range.from), matches };
    }
    /** Reads until the buffer is full or the file ends; returns the bytes read. */
    #fill(fd) {
        const buffer = this.#buffer;
        let length = 0;
        while (length < buffer.length) {
            const read = (0,external_node_fs_namespaceObject.readSync)(fd, buffer, length, buffer.length - length, null);
            if (read === 0)
                break;
            length += read;
        }
        return length;
    }
}

;// CONCATENATED MODULE: ./build/js/scan/walk-mounts.js
/** What a walk does where another file system is mounted. */



/** Whether to look at what is open as `fd`, on another file system than its parent, by what the root says. */
function crosses(root, at, sink) {
    if (root.crossing === 'none')
        sink.shortfall(root.key, at.path, 'has another file system mounted on it');
    const fstype = fstypeOf((0,external_node_fs_namespaceObject.statfsSync)(pathAt(at.fd, null)).type) ?? '';
    if (root.crossing === 'memory')
        return isMemory(fstype);
    return root.crossing === 'disk' && !isMemory(fstype) && !isKernel(fstype);
}

;// CONCATENATED MODULE: ./build/js/scan/walk-types.js
/** The path of an entry, below the root. */
function join(directory, name) {
    return directory === '' ? name : `${directory}/${name}`;
}

;// CONCATENATED MODULE: ./build/js/scan/walk-contents.js
/** Contents of the files of a walk: small ones at once, large ones in pieces, archives unpacked. */






class Contents {
    #matcher;
    #sink;
    #turns;
    #files;
    constructor(matcher, sink, around) {
        this.#matcher = matcher;
        this.#sink = sink;
        this.#turns = around.turns;
        this.#files = new FileSearch(matcher, around.dataRanges);
    }
    /** Searches one file of an open directory; what is left of it when that takes longer. Closes what it is done with. */
    search(frame, name) {
        try {
            const opened = this.#files.open(`${frame.base}/${name}`, frame.root.careful);
            if (opened !== null)
                return this.#opened(frame, name, opened);
            this.#sink.count(1, 0);
            return null;
        }
        catch (error) {
            this.#sink.shortfall(frame.root.key, join(frame.path, name), `could not be read (${errorCode(error)})`);
            return null;
        }
    }
    /** Searches a root that is a file. Rejects when it cannot be opened. */
    async single(root) {
        const opened = openLooked(openRootNameOnly(root.path));
        if (opened === null)
            throw Object.assign(new Error('special'), { code: 'is no regular file any more' });
        const frame = { root, path: '', fd: -1, base: '', device: opened.stats.dev, waiting: [] };
        const rest = this.#opened(frame, '', opened);
        if (rest !== null)
            await this.finish(frame, '', rest);
    }
    #opened(frame, name, opened) {
        const { key } = frame.root;
        const { fd, stats } = opened;
        if (stats !== null) {
            const path = join(frame.path, name);
            if (stats.dev !== frame.device && !crosses(frame.root, { fd, path }, this.#sink)) {
                (0,external_node_fs_namespaceObject.closeSync)(fd);
                return null;
            }
            this.#sink.file?.(key, path, stats);
        }
        const result = this.#files.search(opened);
        this.#sink.count(1, result.bytes);
        for (const match of result.matches)
            this.#sink.hit(key, { ...match, path: join(frame.path, name), part: 'content' });
        return result.rest;
    }
    /** Does what was left of a file, and closes it. */
    async finish(frame, name, rest) {
        const path = join(frame.path, name);
        try {
            await this.#pieces(frame, path, rest);
            if (rest.archive !== null)
                await this.#unpack(frame.root.key, path, { ...rest, archive: rest.archive });
        }
        catch (error) {
            this.#sink.shortfall(frame.root.key, path, `could not be read (${errorCode(error)})`);
        }
        finally {
            (0,external_node_fs_namespaceObject.closeSync)(rest.fd);
        }
    }
    /** Pieces that another thread gave away. */
    async ranges(frame, name, ranges) {
        const opened = this.#files.open(`${frame.base}/${name}`, frame.root.careful);
        if (opened === null)
            return;
        const { fd, stats } = opened;
        await this.finish(frame, name, { fd, stats: stats ?? (0,external_node_fs_namespaceObject.fstatSync)(fd), ranges, archive: null });
    }
    async #pieces(frame, path, { fd, ranges }) {
        for (let range = ranges.pop(); range !== undefined && !this.#turns.stopped; range = ranges.pop()) {
            if (this.#turns.wanted > 0 && ranges.length > 0 && frame.fd >= 0)
                this.#turns.give({ root: frame.root, path, ranges: this.#turns.takeShare(ranges) });
            const { bytes, matches } = this.#files.piece(fd, range);
            this.#sink.count(0, bytes);
            for (const match of matches)
                this.#sink.hit(frame.root.key, { ...match, path, part: 'content' });
            await this.#turns.pause();
        }
    }
    async #unpack(key, path, { fd, stats, archive }) {
        const read = (buffer, offset, length, position) => (0,external_node_fs_namespaceObject.readSync)(fd, buffer, offset, length, position);
        const context = {
            matcher: this.#matcher,
            limits: DEFAULT_LIMITS,
            // Paths are bytes here, one character each, until they are told.
            nameOf: (name) => Buffer.from(name).toString('latin1'),
            sink: {
                hit: (hit) => {
                    this.#sink.hit(key, hit);
                },
                shortfall: (each) => {
                    this.#sink.shortfall(key, each.path, each.reason);
                },
                counted: (items, bytes) => {
                    this.#sink.count(items, bytes);
                }
            }
        };
        await unpackFile(archive, path, { size: stats.size, read }, context);
    }
}

;// CONCATENATED MODULE: ./build/js/scan/walk-names.js
const BATCH_BYTES = 64 * 1024;
const MOST_NAMES = 1024;
/** NAME_MAX (linux/limits.h). */
const NAME_BYTES = 255;
/** Of a long directory's path only so much can be part of a match that reaches into the name. */
const TAIL_BYTES = 1024;
/**
 * Gathers the latin1 paths of entries of one directory, separated by a NUL that no path has, and searches them together.
 * A match counts for the entry whose own name it touches: what lies in the directory's part alone was told there.
 */
class NameBatch {
    #matcher;
    #bytes = Buffer.allocUnsafeSlow(BATCH_BYTES);
    #names = [];
    #starts = new Int32Array(MOST_NAMES);
    #length = 0;
    constructor(matcher) {
        this.#matcher = matcher;
    }
    /** Searches the names of a directory. Each (name, secret, form) is told once. */
    search(directory, names, onHit) {
        const tail = `${directory.slice(-TAIL_BYTES)}/`;
        for (const name of names) {
            if (this.#names.length === MOST_NAMES || this.#length + tail.length + NAME_BYTES >= BATCH_BYTES)
                this.#flush(onHit);
            this.#length += this.#bytes.write(tail, this.#length, 'latin1');
            this.#starts[this.#names.length] = this.#length;
            this.#length += this.#bytes.write(name, this.#length, 'latin1');
            this.#bytes[this.#length] = 0;
            this.#length += 1;
            this.#names.push(name);
        }
        this.#flush(onHit);
    }
    #flush(onHit) {
        const told = new Set();
        this.#matcher.search(this.#bytes, 0, this.#length, (needle, from) => {
            const to = from + needle.bytes.length;
            const index = this.#lastStartingBefore(to);
            const name = this.#names[index];
            const start = this.#starts[index] ?? 0;
            if (name === undefined || to <= start || to > start + name.length || from < this.#entryStart(index))
                return;
            const key = `${needle.secret} ${needle.form} ${index}`;
            if (told.has(key))
                return;
            told.add(key);
            onHit(name, needle.secret, needle.form);
        });
        this.#names.length = 0;
        this.#length = 0;
    }
    /** Where the entry's directory part begins: behind the name before it and its NUL. */
    #entryStart(index) {
        if (index === 0)
            return 0;
        return (this.#starts[index - 1] ?? 0) + (this.#names[index - 1]?.length ?? 0) + 1;
    }
    /** The last entry whose name starts before an offset. */
    #lastStartingBefore(offset) {
        let low = 0;
        let high = this.#names.length - 1;
        while (low < high) {
            const middle = (low + high + 1) >> 1;
            if ((this.#starts[middle] ?? 0) < offset)
                low = middle;
            else
                high = middle - 1;
        }
        return low;
    }
}

;// CONCATENATED MODULE: external "node:timers/promises"
const promises_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:timers/promises");
;// CONCATENATED MODULE: ./build/js/scan/walk-turns.js
/** What a walk asks of its surroundings: whether to go on, to let others have a turn, to give work away. */

class Turns {
    #options;
    #breathed = performance.now();
    constructor(options) {
        this.#options = options;
    }
    get stopped() {
        return this.#options.stopped?.() ?? false;
    }
    /** How many others have nothing to do. */
    get wanted() {
        return this.#options.wanted?.() ?? 0;
    }
    give(...tasks) {
        this.#options.give?.(tasks);
    }
    /** Takes from the front of a list what others should get: all get the same, and one keeps a share. */
    takeShare(list) {
        const { wanted } = this;
        return list.splice(0, Math.ceil((list.length * wanted) / (wanted + 1)));
    }
    /** Lets other events of the thread through, when it is time. */
    async pause() {
        const { breatheMs } = this.#options;
        if (breatheMs === undefined || performance.now() - this.#breathed < breatheMs)
            return;
        await (0,promises_namespaceObject.setImmediate)();
        this.#breathed = performance.now();
    }
}

;// CONCATENATED MODULE: ./build/js/scan/walk.js
/**
 * Walks directory trees and searches all that is in them: names, link targets and contents of regular files. Holds its
 * thread while it works, waits only for archives, and gives work away to whoever has none.
 */









/** Directories open at a time in one branch; what lies deeper becomes a task of its own. */
const MOST_OPEN = 64;
class Walker {
    #matcher;
    #sink;
    #turns;
    #contents;
    #links;
    #names;
    /** The branch being walked, root first. */
    #frames = [];
    #tasks = [];
    constructor(matcher, sink, options = {}) {
        this.#matcher = matcher;
        this.#sink = sink;
        this.#turns = new Turns(options);
        this.#contents = new Contents(matcher, sink, { turns: this.#turns, dataRanges: options.dataRanges });
        this.#links = new ItemSearch(matcher);
        this.#names = new NameBatch(matcher);
    }
    /**
     * Walks a task and everything below it, but for what it gives away. Never rejects for what the tree is like: what could
     * not be read is a shortfall.
     */
    async walk(task) {
        this.#tasks.push(task);
        for (let next = this.#tasks.pop(); next !== undefined && !this.#turns.stopped; next = this.#tasks.pop()) {
            try {
                if (next.single === true)
                    await this.#contents.single(next.root);
                else
                    await this.#begin(next);
            }
            catch (error) {
                this.#sink.shortfall(next.root.key, next.path, `could not be opened (${errorCode(error)})`);
            }
        }
        this.#tasks.length = 0;
    }
    async #begin(task) {
        const { listed, ranges } = task;
        const slash = ranges === undefined ? task.path.length : Math.max(0, task.path.lastIndexOf('/'));
        const frame = openFrame(task, task.path.slice(0, slash));
        this.#frames.push(frame);
        try {
            if (ranges !== undefined)
                await this.#contents.ranges(frame, task.path.slice(slash).replace('/', ''), ranges);
            else if (listed === undefined)
                await this.#directory(frame);
            else {
                frame.waiting.push(...listed.directories);
                await this.#files(frame, listed.files);
                await this.#waiting(frame);
            }
        }
        finally {
            this.#frames.pop();
            (0,external_node_fs_namespaceObject.closeSync)(frame.fd);
        }
    }
    /** Walks an open directory and all below it. */
    async #directory(frame) {
        try {
            for (const entries of entriesOf(frame.fd)) {
                await this.#entries(frame, entries);
                await this.#turns.pause();
                if (this.#turns.stopped)
                    return;
            }
        }
        catch (error) {
            this.#sink.shortfall(frame.root.key, frame.path, `could not be listed (${errorCode(error)})`);
        }
        await this.#waiting(frame);
    }
    async #waiting(frame) {
        for (let name = frame.waiting.pop(); name !== undefined; name = frame.waiting.pop()) {
            if (this.#turns.stopped)
                return;
            await this.#below(frame, name);
            if (this.#turns.wanted > 0)
                this.#share(frame, []);
        }
    }
    async #below(parent, name) {
        const { root } = parent;
        const path = join(parent.path, name);
        if (this.#frames.length >= MOST_OPEN) {
            this.#tasks.push({ root, path });
            return;
        }
        let fd = null;
        try {
            fd = openDirectory(`${parent.base}/${name}`);
            const { dev } = (0,external_node_fs_namespaceObject.fstatSync)(fd);
            if (dev !== parent.device && !crosses(root, { fd, path }, this.#sink))
                return;
            const frame = { root, path, fd, base: baseOf(root, fd, path), device: dev, waiting: [] };
            this.#frames.push(frame);
            await this.#directory(frame);
            this.#frames.pop();
        }
        catch (error) {
            this.#sink.shortfall(root.key, path, `could not be opened (${errorCode(error)})`);
        }
        finally {
            if (fd !== null)
                (0,external_node_fs_namespaceObject.closeSync)(fd);
        }
    }
    async #entries(frame, entries) {
        this.#searchNames(frame, entries);
        const files = [];
        for (const entry of entries) {
            if (entry.isFile())
                files.push(entry.name);
            else if (entry.isDirectory())
                frame.waiting.push(entry.name);
            else if (entry.isSymbolicLink())
                this.#link(frame, entry.name);
        }
        this.#sink.count(entries.length - files.length, 0);
        await this.#files(frame, files);
    }
    #searchNames(frame, entries) {
        if (this.#matcher.longest === 0)
            return;
        const names = entries.map((entry) => entry.name);
        this.#names.search(frame.path, names, (name, secret, form) => {
            this.#sink.hit(frame.root.key, { secret, form, offset: 0, path: join(frame.path, name), part: 'name' });
        });
    }
    #link(frame, name) {
        const path = join(frame.path, name);
        try {
            const target = (0,external_node_fs_namespaceObject.readlinkSync)(raw(`${frame.base}/${name}`), { encoding: 'buffer' });
            this.#links.begin();
            this.#links.push(target);
            for (const match of this.#links.end())
                this.#sink.hit(frame.root.key, { ...match, path, part: 'link-target' });
        }
        catch (error) {
            this.#sink.shortfall(frame.root.key, path, `link could not be read (${errorCode(error)})`);
        }
    }
    async #files(frame, files) {
        for (let name = files.pop(); name !== undefined && !this.#turns.stopped; name = files.pop()) {
            if (this.#turns.wanted > 0)
                this.#share(frame, files);
            const rest = this.#contents.search(frame, name);
            if (rest !== null)
                await this.#contents.finish(frame, name, rest);
        }
    }
    /** Gives away a share of what is nearest to the root, where most is likely to be left; else of the files at hand. */
    #share(frame, files) {
        const task = this.#tasks.shift();
        const rich = this.#frames.find((each) => each.waiting.length > (each === frame ? 1 : 0));
        if (task !== undefined)
            this.#turns.give(task);
        else if (rich !== undefined) {
            const listed = { directories: this.#turns.takeShare(rich.waiting), files: [] };
            this.#turns.give({ root: rich.root, path: rich.path, listed });
        }
        else if (files.length > 1) {
            const listed = { directories: [], files: this.#turns.takeShare(files) };
            this.#turns.give({ root: frame.root, path: frame.path, listed });
        }
    }
}
/** Opens the directory where a task begins. The device is the root's: what is mounted on the way there was let pass. */
function openFrame(task, path) {
    const root = openRoot(task.root.path);
    try {
        const fd = openBelow(root, path);
        return { root: task.root, path, fd, base: baseOf(task.root, fd, path), device: (0,external_node_fs_namespaceObject.fstatSync)(fd).dev, waiting: [] };
    }
    finally {
        (0,external_node_fs_namespaceObject.closeSync)(root);
    }
}
function baseOf({ path: root, careful }, fd, path) {
    return frameBase(fd, { root, path, careful });
}

;// CONCATENATED MODULE: ./build/js/reader/protocol.js
/**
 * What the main process and the reader say to each other: one JSON object a line, requests on the reader's stdin and
 * answers on its stdout. Needles pass here and nowhere else: never argv, environment or a file. Paths are text.
 */

/** Hits kept a request; the rest is counted. */
const MOST_HITS = 10_000;
/** Shortfalls told a request; the rest is counted. */
const MOST_SHORTFALLS = MOST_UNREAD;

;// CONCATENATED MODULE: ./build/js/reader/collector.js

class Collector {
    items = 0;
    bytes = 0;
    /** By what makes one occurrence: pieces of one file may each find the same. */
    #hits = new Map();
    #dropped = 0;
    #shortfalls = [];
    #moreShortfalls = 0;
    count(items, bytes) {
        this.items += items;
        this.bytes += bytes;
    }
    hit(key, hit) {
        const name = `${key} ${hit.secret} ${hit.form} ${hit.part} ${hit.path}`;
        const known = this.#hits.get(name);
        if (known !== undefined)
            known.offset = Math.min(known.offset, hit.offset);
        else if (this.#hits.size < MOST_HITS)
            this.#hits.set(name, { ...hit, key });
        else
            this.#dropped += 1;
    }
    /** `path`: latin1; `reason`: our own words. */
    shortfall(key, path, reason) {
        if (this.#shortfalls.length < MOST_SHORTFALLS)
            this.#shortfalls.push({ key, path, reason });
        else
            this.#moreShortfalls += 1;
    }
    get hits() {
        return [...this.#hits.values()];
    }
    gathered() {
        const { items, bytes, hits } = this;
        const shortfalls = this.#shortfalls;
        return { items, bytes, hits, dropped: this.#dropped, shortfalls, moreShortfalls: this.#moreShortfalls };
    }
    /** Adds what another collector gathered, a worker's. */
    add(other) {
        this.count(other.items, other.bytes);
        for (const hit of other.hits)
            this.hit(hit.key, hit);
        this.#dropped += other.dropped;
        this.#moreShortfalls += other.moreShortfalls;
        for (const each of other.shortfalls)
            this.shortfall(each.key, each.path, each.reason);
    }
    /** How it ended, paths made fit to show by `clean`. */
    totals(clean) {
        const shortfalls = this.#shortfalls.map((each) => ({ ...each, path: clean(each.path) }));
        return {
            items: this.items,
            bytes: this.bytes,
            dropped: this.#dropped,
            shortfalls,
            moreShortfalls: this.#moreShortfalls
        };
    }
}

;// CONCATENATED MODULE: ./build/js/reader/sparse.js
/** Where a sparse file holds data: Node has no SEEK_DATA, so a helper of the host that has it is asked. */


const HELPER_MS = 20_000;
const ANSWER_BYTES = 16 * 1024 * 1024;
/** Nearer ones are read as one: a hole is read faster than a range is begun. */
const GAP_BYTES = 1024 * 1024;
/** lseek(2): SEEK_DATA is 3, SEEK_HOLE 4 on Linux. The argument is a descriptor of ours, no path of the image. */
const PYTHON = `import os,sys
fd=os.open(sys.argv[1],os.O_RDONLY|os.O_NONBLOCK)
at=0
while True:
  try: at=os.lseek(fd,at,3)
  except OSError as e:
    if e.errno!=6: raise
    break
  hole=os.lseek(fd,at,4)
  print(at,hole)
  at=hole
`;
const PERL = `use strict; sysopen(my $f,$ARGV[0],0) or exit 1; my $at=0;
while (1) { my $d=sysseek($f,$at,3); last unless defined $d; my $h=sysseek($f,$d+0,4); exit 1 unless defined $h;
print $d+0," ",$h+0,"\\n"; $at=$h+0; } exit($!{ENXIO} ? 0 : 1);`;
const HELPERS = [
    { file: 'python3', args: ['-I', '-S', '-c', PYTHON] },
    { file: 'perl', args: ['-MErrno', '-e', PERL] }
];
/** The ranges of an open file that hold data; the whole file where no helper can tell: every byte is read then. */
function dataRanges(fd, size) {
    for (const { file, args } of HELPERS) {
        try {
            const answer = (0,external_node_child_process_namespaceObject.execFileSync)(file, [...args, `/proc/${process.pid}/fd/${fd}`], {
                env: HELPER_ENV,
                timeout: HELPER_MS,
                maxBuffer: ANSWER_BYTES,
                stdio: ['ignore', 'pipe', 'ignore']
            });
            return merged(parseRanges(answer.toString('latin1'), size));
        }
        catch {
            // Not installed, or the file system cannot tell: the next helper, or all bytes, which only costs time.
            continue;
        }
    }
    return [{ from: 0, to: size }];
}
function parseRanges(answer, size) {
    return answer
        .split('\n')
        .filter((line) => /^\d+ \d+$/.test(line))
        .map((line) => line.split(' ').map(Number))
        .map(([from = 0, to = 0]) => ({ from, to: Math.min(to, size) }));
}
function merged(ranges) {
    const result = [];
    for (const range of ranges) {
        const last = result.at(-1);
        if (last !== undefined && range.from - last.to < GAP_BYTES)
            last.to = range.to;
        else
            result.push({ ...range });
    }
    return result;
}

;// CONCATENATED MODULE: ./build/js/reader/xattr-fields.js
/** Parses what the helper for extended attributes writes: fields with a NUL after each. */
const NUL = 0;
class XattrFields {
    /** Whether the mark of the end was seen. */
    ended = false;
    #rest = Buffer.alloc(0);
    #fields = [];
    #onAttribute;
    constructor(onAttribute) {
        this.#onAttribute = onAttribute;
    }
    /** Takes the next bytes of the output. */
    push(chunk) {
        const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
        let from = 0;
        for (let at = bytes.indexOf(NUL, from); at !== -1; at = bytes.indexOf(NUL, from)) {
            this.#field(bytes.subarray(from, at));
            from = at + 1;
        }
        this.#rest = Buffer.from(bytes.subarray(from));
    }
    #field(field) {
        if (this.#fields.length === 0 && field.equals(Buffer.from('end'))) {
            this.ended = true;
            return;
        }
        this.#fields.push(Buffer.from(field));
        const [key, path, name, value] = this.#fields;
        if (key === undefined || path === undefined || name === undefined || value === undefined)
            return;
        this.#fields = [];
        const text = value.toString('latin1');
        const failed = name.equals(Buffer.from('!'));
        this.#onAttribute({
            key: Number(key.toString('latin1')),
            path: path.toString('latin1'),
            name: failed ? value : name,
            value: failed ? null : Buffer.from(text, 'hex')
        });
    }
}

;// CONCATENATED MODULE: ./build/js/reader/xattrs.js
/** Extended attributes of whole trees: Node cannot read them, so a helper of the host does, beside the walk. */




const xattrs_HELPER_MS = 15 * 60_000;
/**
 * Reads `KEY PATH` of each root from stdin, NUL after each, and writes four fields for each attribute, NUL after each:
 * key, path below the root, name, value in hexadecimal; an error has the name `!`; at the end `end`. Goes down by
 * descriptors and stays on one file system, like the walk. errno 2: gone; 61: no such attribute; 95: there are none here.
 */
const xattrs_PYTHON = `import os,sys
out=sys.stdout.buffer
lx=os.listxattr
O=os.O_RDONLY|os.O_DIRECTORY|os.O_NOFOLLOW
def tell(*fields): out.write(b'\\0'.join(fields)+b'\\0')
def fail(key,rel,e):
  if e.errno not in (2,61,95): tell(key,rel,b'!',str(e.errno).encode())
def attributes(key,rel,path,names,follow=False):
  for name in names:
    try: tell(key,rel,os.fsencode(name),os.getxattr(path,name,follow_symlinks=follow).hex().encode())
    except OSError as e: fail(key,rel,e)
def enter(key,fd,rel):
  os.fchdir(fd)
  below=[]
  with os.scandir(b'.') as entries:
    for entry in entries:
      name=entry.name
      try: names=lx(name,follow_symlinks=False)
      except OSError as e: fail(key,rel+name,e)
      else:
        if names: attributes(key,rel+name,name,names)
      if entry.is_dir(follow_symlinks=False): below.append(name)
  return below
def walk(key,path):
  try: attributes(key,b'',path,lx(path),True)
  except OSError as e: fail(key,b'',e)
  try: root=os.open(path,os.O_RDONLY|os.O_DIRECTORY)
  except OSError as e:
    if e.errno!=20: fail(key,b'',e)
    return
  device=os.fstat(root).st_dev
  frames=[(root,b'',enter(key,root,b''))]
  while frames:
    fd,rel,below=frames[-1]
    if not below:
      os.close(fd); frames.pop(); continue
    name=below.pop()
    try: child=os.open(name,O,dir_fd=fd)
    except OSError as e: fail(key,rel+name,e); continue
    if os.fstat(child).st_dev!=device or len(frames)>900:
      if len(frames)>900: tell(key,rel+name,b'!',b'36')
      os.close(child); continue
    try: frames.append((child,rel+name+b'/',enter(key,child,rel+name+b'/')))
    except OSError as e: fail(key,rel+name,e); os.close(child)
for root in sys.stdin.buffer.read().split(b'\\0'):
  if root:
    key,path=root.split(b' ',1)
    walk(key,path)
tell(b'end')
`;
/**
 * Searches names and values of all attributes under the roots. What could not be read is a shortfall of the collector;
 * never rejects.
 */
async function scanXattrs(roots, scan) {
    if (roots.length === 0)
        return;
    const search = new ItemSearch(scan.matcher);
    const reason = await runHelper(roots, (attribute) => {
        take(attribute, { roots, search, scan });
    });
    if (reason !== null)
        scan.collector.shortfall(roots[0]?.key ?? 0, '', reason);
}
/** null when the helper read all to the end, else why not. */
function runHelper(roots, onAttribute) {
    return new Promise((resolve) => {
        const child = (0,external_node_child_process_namespaceObject.spawn)('python3', ['-I', '-S', '-c', xattrs_PYTHON], { stdio: ['pipe', 'pipe', 'ignore'], env: HELPER_ENV });
        const timer = setTimeout(() => child.kill('SIGKILL'), xattrs_HELPER_MS);
        const fields = new XattrFields(onAttribute);
        const end = (reason) => {
            clearTimeout(timer);
            resolve(reason);
        };
        child.once('error', () => {
            end('extended attributes were not read: install python3 on the host');
        });
        child.once('close', (code) => {
            end(code === 0 && fields.ended ? null : 'extended attributes were not read to their end');
        });
        child.stdin.on('error', () => undefined);
        child.stdout.on('data', (chunk) => {
            fields.push(chunk);
        });
        // Descriptors of ours are the helper's only by our number.
        const own = `/proc/${process.pid}/`;
        const input = roots.map((root) => `${root.key} ${root.path.replace(/^\/proc\/self\//, own)}\0`).join('');
        child.stdin.end(Buffer.from(input, 'latin1'));
    });
}
function take({ key, path, name, value }, to) {
    const { collector, opaque } = to.scan;
    if (value === null) {
        collector.shortfall(key, path, `extended attributes could not be read (errno ${name.toString('latin1')})`);
        return;
    }
    if (/^(trusted|user)\.overlay\.opaque$/.test(name.toString('latin1')) && value.toString('latin1') === 'y') {
        const root = to.roots.find((each) => each.key === key)?.path ?? '';
        opaque?.set(root, (opaque.get(root) ?? new Set()).add(path));
    }
    collector.count(0, name.length + value.length);
    for (const bytes of [name, value]) {
        to.search.begin();
        to.search.push(bytes);
        for (const match of to.search.end())
            collector.hit(key, { ...match, path, part: 'xattr' });
    }
}

;// CONCATENATED MODULE: ./build/js/reader/memory.js
/** What lies in memory: the declared tmpfs paths, and every other tmpfs of the container. */










/** Files told of; more are searched, but not judged one by one. */
const MOST_FILES = 10_000;
const BREATHE_MS = 25;
/** Searches names, link targets, attributes and contents. Hits' keys are indices of `mounts`. */
async function scanMemory(held, root, request) {
    const mounts = openMounts(held, root, request.paths);
    try {
        const files = [];
        const scan = async (declared) => {
            const collector = new Collector();
            const keys = [...mounts.keys()].filter((key) => mounts[key]?.declared === declared);
            await scanMounts({ held, mounts, keys, collector, request }, files);
            return collector;
        };
        const [declared, others] = [await scan(true), await scan(false)];
        const clean = (path) => shownClean(path, request.matcher);
        for (const { hits } of [declared, others])
            for (const hit of hits)
                request.emit({ ...hit, path: `/${clean(hit.path)}` });
        return {
            mounts: mounts.map((mount) => ({ path: shown(mount.name), declared: mount.declared })),
            declared: declared.totals(clean),
            others: others.totals(clean),
            files
        };
    }
    finally {
        for (const { place } of mounts)
            if (typeof place?.fd === 'number')
                (0,external_node_fs_namespaceObject.closeSync)(place.fd);
    }
}
function openMounts(held, root, paths) {
    const declared = paths.map((path) => openMount(root, toLatin1(path), true));
    const resolved = declared.map((mount) => mount.place?.path ?? mount.name);
    const others = otherMemory(held.mounts(), resolved).map((path) => openMount(root, path, false));
    return [...declared, ...others];
}
function openMount(root, name, declared) {
    try {
        return { name, declared, place: resolveInRoot(root, name), reason: null };
    }
    catch (error) {
        return { name, declared, place: null, reason: errorCode(error) };
    }
}
async function scanMounts(scan, files) {
    const { collector, request, mounts } = scan;
    const ids = { uids: scan.held.uidMap(), gids: scan.held.gidMap() };
    const sink = {
        hit: collector.hit.bind(collector),
        shortfall: collector.shortfall.bind(collector),
        count: collector.count.bind(collector),
        file: (key, path, stats) => {
            const mount = mounts[key];
            if (mount?.declared !== true || files.length >= MOST_FILES)
                return;
            const owner = { uid: idInside(ids.uids, stats.uid), gid: idInside(ids.gids, stats.gid) };
            files.push({ mount: shown(mount.name), ...fileOf(`${mount.name}/${path}`, stats), ...owner });
        }
    };
    const tasks = [];
    for (const key of scan.keys) {
        const task = taskOf(key, mounts[key], collector);
        if (task !== null)
            tasks.push(task);
    }
    const walker = new Walker(request.matcher, sink, { stopped: request.stopped, breatheMs: BREATHE_MS, dataRanges: dataRanges });
    // In a declared path a secret may be in an attribute as well as in a file: there is nothing to find fault with.
    const others = tasks.filter((task) => task.root.crossing === 'own').map((task) => task.root);
    const xattrs = scanXattrs(others, { matcher: request.matcher, collector });
    for (const task of tasks)
        await walker.walk(task);
    if (request.stopped())
        collector.shortfall(0, '', 'the time for it was over');
    await xattrs;
}
/** A mount may be a single file, bound from the memory of the host. An undeclared one that is covered is not there. */
function taskOf(key, mount, collector) {
    if (mount === undefined)
        return null;
    const fd = mount.place === null ? null : mount.place.fd;
    if (fd === null) {
        if (mount.declared || mount.reason !== null)
            collector.shortfall(key, '', mount.reason ?? 'is not there');
        return null;
    }
    const crossing = mount.declared ? 'memory' : 'own';
    const root = { key, path: pathAt(fd, null), crossing, careful: true };
    const stats = (0,external_node_fs_namespaceObject.fstatSync)(fd);
    if (stats.isDirectory())
        return { root, path: '' };
    return stats.isFile() ? { root, path: '', single: true } : null;
}
function fileOf(path, stats) {
    return { path: shown(path), bytes: stats.size, mode: (stats.mode & 0o7777).toString(8).padStart(4, '0') };
}

;// CONCATENATED MODULE: ./build/js/reader/mounts.js
/** What the kernel says lies at the declared tmpfs paths. */







const mounts_NOTHING = {
    resolved: null,
    reason: null,
    magic: 0,
    mode: 0,
    uid: 0,
    gid: 0,
    effective: null,
    foreign: []
};
/** Each path resolved in root, with what is open there. */
function lookAtMounts(held, root, paths) {
    const tables = held.mountinfos().map(({ pid, text }) => ({ pid, lines: parseMountinfo(text) }));
    return paths.map((path) => {
        try {
            return lookInRoot(root, toLatin1(path), (place) => seen(held, place, tables)) ?? mounts_NOTHING;
        }
        catch (error) {
            // What cannot be resolved is no mount that anybody could rely on: the reason goes with it.
            return { ...mounts_NOTHING, reason: errorCode(error) };
        }
    });
}
function seen(held, place, tables) {
    const [own, ...others] = tables;
    const lines = own?.lines ?? [];
    const stats = (0,external_node_fs_namespaceObject.fstatSync)(place.fd);
    const { type, bsize, blocks } = (0,external_node_fs_namespaceObject.statfsSync)(pathAt(place.fd, null));
    const line = lineOf(place.fd, lines) ?? mountOf(lines, place.path);
    const fstype = fstypeOf(type) ?? line?.fstype ?? `0x${type.toString(16)}`;
    const uid = idInside(held.uidMap(), stats.uid);
    const gid = idInside(held.gidMap(), stats.gid);
    const mode = stats.mode & 0o7777;
    const effective = {
        view: 'host',
        resolvedPath: shown(place.path),
        fstype,
        size: line !== null && isMemory(fstype) && sizeLimit(line) !== null ? blocks * bsize : null,
        mode: mode.toString(8).padStart(4, '0'),
        uid,
        gid,
        flags: line === null ? [] : flagsOf(line)
    };
    const foreign = [
        ...foreignMounts(lines, place.path),
        ...others.flatMap((other) => differing(other, { path: place.path, stats }))
    ].map((each) => ({ ...each, path: shown(each.path), what: shown(each.what) }));
    return { resolved: shown(place.path), reason: null, magic: type, mode, uid, gid, effective, foreign };
}
/** The line of the very mount that a descriptor is on: the kernel tells its number (proc_pid_fdinfo(5)). */
function lineOf(fd, lines) {
    const id = /^mnt_id:\s*(\d+)$/m.exec(readText(`/proc/self/fdinfo/${fd}`) ?? '')?.[1];
    return lines.find((line) => line.id === Number(id)) ?? null;
}
/** Flags of the mount; read-only also when the file system is (field 6 says it for a mount alone). */
function flagsOf(line) {
    return line.superOptions.includes('ro') ? line.flags.map((flag) => (flag === 'rw' ? 'ro' : flag)) : line.flags;
}
/** What a process in a mount namespace of its own finds at the path, if that is another file system and no memory. */
function differing(other, at) {
    const line = mountOf(other.lines, at.path);
    const device = deviceIn(other.pid, at.path);
    if (line === null || device === at.stats.dev || isMemory(line.fstype))
        return [];
    const what = `${line.fstype} in the mount namespace of process ${other.pid}`;
    return [{ path: line.mountPoint, relation: 'at', fstype: line.fstype, what }];
}
function deviceIn(pid, path) {
    try {
        const root = openRoot(`/proc/${pid}/root`);
        try {
            return lookInRoot(root, path, ({ fd }) => (0,external_node_fs_namespaceObject.fstatSync)(fd).dev);
        }
        finally {
            (0,external_node_fs_namespaceObject.closeSync)(root);
        }
    }
    catch {
        // It ended, or the path is not to be resolved there: the caller then goes by its mounts alone.
        return null;
    }
}

;// CONCATENATED MODULE: ./build/js/kernel/maps.js
/** Parses /proc/<pid>/maps for mapped files that have no name. */
/**
 * Shared or private mappings of files without a name, one for each (proc_pid_maps(5)). Anonymous shared memory
 * (`/dev/zero (deleted)`) is the process's own memory and left out.
 */
function unnamedMappings(maps) {
    const seen = new Set();
    return maps.split('\n').flatMap((line) => {
        const found = /^([0-9a-f]+-[0-9a-f]+) \S+ \S+ (\S+) (\d+) +(.* \(deleted\))$/.exec(line);
        if (found === null)
            return [];
        const [, range, device, inode, name] = found;
        if (range === undefined || name === undefined || name === '/dev/zero (deleted)')
            return [];
        const key = `${device ?? ''} ${inode ?? ''}`;
        if (seen.has(key))
            return [];
        seen.add(key);
        return [{ range: range.replace(/\b0+(?=[0-9a-f])/g, ''), kind: maps_kindOf(name) }];
    });
}
function maps_kindOf(name) {
    if (name.startsWith('/memfd:'))
        return 'memfd';
    return name.startsWith('/SYSV') ? 'System V shared memory' : 'unlinked file';
}

;// CONCATENATED MODULE: ./build/js/reader/processes.js
/** Command lines, environments, and open or mapped files without a name, of every process in the container. */










const processes_BREATHE_MS = 25;
/** Searches all of them. */
async function scanProcesses(held, root, request) {
    const scan = new ProcessScan(request, devicesOf(root, request.memoryPaths));
    for (const pid of held.pids()) {
        if (request.stopped()) {
            scan.collector.shortfall(pid, '', 'the time for it was over');
            break;
        }
        await scan.process(pid);
        await (0,promises_namespaceObject.setImmediate)();
    }
    return scan.end();
}
function devicesOf(root, paths) {
    const devices = new Set();
    for (const path of paths) {
        const { fd } = resolveInRoot(root, toLatin1(path));
        if (fd === null)
            continue;
        devices.add((0,external_node_fs_namespaceObject.fstatSync)(fd).dev);
        (0,external_node_fs_namespaceObject.closeSync)(fd);
    }
    return devices;
}
class ProcessScan {
    collector = new Collector();
    #request;
    #devices;
    #search;
    #walker;
    #hits = new Map();
    /** Files seen, by device and inode number: several processes may hold one. */
    #seen = new Set();
    #detail = '';
    constructor(request, devices) {
        this.#request = request;
        this.#devices = devices;
        this.#search = new ItemSearch(request.matcher);
        const sink = {
            hit: (pid, hit) => {
                this.#tell(pid, 'fd', hit);
            },
            shortfall: this.collector.shortfall.bind(this.collector),
            count: this.collector.count.bind(this.collector)
        };
        const options = { stopped: request.stopped, breatheMs: processes_BREATHE_MS, dataRanges: dataRanges };
        this.#walker = new Walker(request.matcher, sink, options);
    }
    end() {
        for (const hit of this.#hits.values())
            this.#request.emit(hit);
        return this.collector.totals((path) => shownClean(path, this.#request.matcher));
    }
    async process(pid) {
        const comm = readText(`/proc/${pid}/comm`)?.replace(/\n$/, '');
        if (comm === undefined)
            return;
        const name = shownClean(comm, this.#request.matcher);
        this.#detail = name;
        this.#text(pid, 'cmdline', Buffer.from(comm, 'latin1'));
        for (const where of ['cmdline', 'environ']) {
            const bytes = this.#read(pid, where);
            if (bytes === null)
                continue;
            this.collector.count(1, bytes.length);
            this.#text(pid, where, bytes);
            // Arguments have a NUL between them: what the user wrote with a blank in it is two of them.
            if (where === 'cmdline')
                this.#text(pid, where, Buffer.from(bytes.map((byte) => (byte === 0 ? 0x20 : byte))));
        }
        for (const unnamed of [...this.#descriptors(pid), ...this.#mappings(pid)]) {
            this.#detail = `${unnamed.kind} of ${name}`;
            await this.#unnamed(pid, unnamed);
        }
    }
    #text(pid, where, bytes) {
        this.#search.begin();
        this.#search.push(bytes);
        for (const match of this.#search.end())
            this.#tell(pid, where, match);
    }
    #tell(pid, where, { secret, form }) {
        const key = `${pid} ${where} ${this.#detail} ${secret} ${form}`;
        if (this.#hits.has(key))
            return;
        this.#hits.set(key, { secret, form, part: 'content', offset: null, key: pid, path: this.#detail, where });
    }
    #read(pid, name) {
        try {
            return (0,external_node_fs_namespaceObject.readFileSync)(`/proc/${pid}/${name}`);
        }
        catch (error) {
            this.#failed(pid, name, error);
            return null;
        }
    }
    /** ESRCH, ENOENT: the process has ended, and what it held with it. */
    #failed(pid, name, error) {
        const code = errorCode(error);
        if (code !== 'ESRCH' && code !== 'ENOENT')
            this.collector.shortfall(pid, name, `could not be read (${code})`);
    }
    *#descriptors(pid) {
        let names = [];
        try {
            names = (0,external_node_fs_namespaceObject.readdirSync)(`/proc/${pid}/fd`);
        }
        catch (error) {
            this.#failed(pid, 'fd', error);
        }
        for (const name of names) {
            const link = `/proc/${pid}/fd/${name}`;
            const target = this.#target(pid, link);
            const isMemfd = target?.startsWith('/memfd:') === true;
            if (isMemfd || target?.endsWith(' (deleted)') === true)
                yield { link, kind: isMemfd ? 'memfd' : 'unlinked file' };
        }
    }
    *#mappings(pid) {
        for (const { range, kind } of unnamedMappings(this.#read(pid, 'maps')?.toString('latin1') ?? ''))
            yield { link: `/proc/${pid}/map_files/${range}`, kind };
    }
    #target(pid, link) {
        try {
            return (0,external_node_fs_namespaceObject.readlinkSync)(link, { encoding: 'latin1' });
        }
        catch (error) {
            this.#failed(pid, 'fd', error);
            return null;
        }
    }
    /** Only a regular file is opened: opening a pipe or device once more could change what the program sees. */
    async #unnamed(pid, { link }) {
        try {
            const stats = (0,external_node_fs_namespaceObject.statSync)(link);
            const file = `${stats.dev}:${stats.ino}`;
            if (!stats.isFile() || this.#devices.has(stats.dev) || this.#seen.has(file))
                return;
            this.#seen.add(file);
            this.#text(pid, 'fd', Buffer.from((0,external_node_fs_namespaceObject.readlinkSync)(link, { encoding: 'latin1' }), 'latin1'));
        }
        catch (error) {
            this.#failed(pid, 'fd', error);
            return;
        }
        await this.#walker.walk({
            root: { key: pid, path: link, crossing: 'own', careful: true },
            path: '',
            single: true
        });
    }
}

;// CONCATENATED MODULE: ./build/js/reader/container-requests.js
/** Answers what is asked about the running container: only while the pid is its own, before and after each look. */













const SIGTERM = 15;
const PASSWD_BYTES = 1024 * 1024;
class ContainerRequests {
    #program;
    #matcher;
    #held = null;
    #listings = new Listings();
    constructor(program, matcher) {
        this.#program = program;
        this.#matcher = matcher;
    }
    /** Takes hold of the container and tells what it is; null when the pid is not its own. */
    hold(pid, containerId) {
        const held = HeldContainer.hold(pid, containerId);
        this.#held = held;
        this.#listings = new Listings();
        if (held === null)
            return null;
        try {
            const answer = describe(held);
            return held.isThere() ? answer : null;
        }
        catch (error) {
            if (!held.isThere())
                return null;
            throw error;
        }
    }
    verify() {
        return this.#held?.isThere() === true;
    }
    /** Where the host has the container's root file system mounted; null: nowhere that we see. */
    mergedOnHost() {
        if (!this.verify())
            return null;
        const root = this.#held?.mounts().find((line) => line.mountPoint === '/');
        const host = hostMounts().find((line) => line.device === root?.device && line.mountPoint !== '/');
        return host?.mountPoint ?? null;
    }
    /** Throws when the container has ended, with that as its code. */
    async answer(request, asking) {
        const held = this.#held;
        if (held?.isThere() !== true)
            throw gone();
        try {
            const answer = await held.withRoot((root) => this.#look(held, root, { request, asking }));
            if (held.isThere())
                return answer;
        }
        catch (error) {
            // Whatever failed, failed because it ended meanwhile.
            if (held.isThere())
                throw error;
        }
        throw gone();
    }
    #look(held, root, { request, asking }) {
        const { emit, cancelled: stopped } = asking;
        switch (request.op) {
            case 'mounts':
                return { mounts: lookAtMounts(held, root, request.paths), mountinfos: held.mountinfos() };
            case 'listing':
                return this.#listings.look(root, request.paths);
            case 'contents':
                return contents(root, request.paths, request.skip);
            case 'memory':
                return scanMemory(held, root, { paths: request.paths, matcher: this.#matcher(request.set), emit, stopped });
            case 'processes': {
                const { memoryPaths } = request;
                return scanProcesses(held, root, { memoryPaths, matcher: this.#matcher(request.set), emit, stopped });
            }
            case 'access':
                return tryAccess(held, root, { program: this.#program, tries: request.tries });
            case 'passwd':
                return passwd(root);
            case 'swap':
                return held.swap();
        }
    }
}
function describe(held) {
    const status = held.status();
    if (status === null)
        return null;
    return {
        uid: idInside(held.uidMap(), status.uid),
        gid: idInside(held.gidMap(), status.gid),
        hostUid: status.uid,
        hostGid: status.gid,
        groups: status.groups,
        overrides: hasCapability(status.capEff, CAP_DAC_OVERRIDE),
        handlesTerm: handles(status, SIGTERM),
        uidMap: held.uidMap(),
        pids: held.pids(),
        mountinfos: held.mountinfos(),
        diskMounts: held.mounts().flatMap((line) => diskMount(line) ?? [])
    };
}
/** /etc/passwd of the container, as far as it is a file of reasonable size; null: there is none. */
function passwd(root) {
    return lookInRoot(root, '/etc/passwd', ({ fd }) => {
        const stats = (0,external_node_fs_namespaceObject.fstatSync)(fd);
        if (!stats.isFile() || stats.size > PASSWD_BYTES)
            return null;
        const file = openNamed(fd);
        try {
            return (0,external_node_fs_namespaceObject.readFileSync)(file).toString('utf8');
        }
        finally {
            (0,external_node_fs_namespaceObject.closeSync)(file);
        }
    });
}
function diskMount(line) {
    if (line.mountPoint === '/' || isMemory(line.fstype) || isKernel(line.fstype))
        return null;
    return {
        mountPoint: shown(line.mountPoint),
        fstype: line.fstype,
        what: shown(kindOf(line)),
        writable: line.flags.includes('rw') && !line.superOptions.includes('ro'),
        hostPath: hostPath(line)
    };
}
/** Where the host has mounted what lies at a mount of the container: the same file system, at or above the same root. */
function hostPath(line) {
    const fits = hostMounts()
        .filter((host) => host.device === line.device && isAbove(host.root, line.root))
        .sort((a, b) => b.root.length - a.root.length);
    const [best] = fits;
    if (best === undefined)
        return null;
    const below = best.root === '/' ? line.root : line.root.slice(best.root.length);
    return shown(`${best.mountPoint === '/' ? '' : best.mountPoint}${below === '/' ? '' : below}` || '/');
}
function isAbove(root, path) {
    return root === '/' || root === path || path.startsWith(`${root}/`);
}
function hostMounts() {
    return parseMountinfo(readText('/proc/self/mountinfo') ?? '');
}
function gone() {
    return Object.assign(new Error('gone'), { code: 'the container has ended' });
}

;// CONCATENATED MODULE: ./build/js/kernel/overlay.js
/** Reads the directories of an overlay file system out of its mount options. Pure. */

/**
 * The directories that an overlay mount is made of. Two ways to write the lower ones (ovl_show_options in
 * fs/overlayfs/params.c): `lowerdir=A:B`, where colons and backslashes of a name have a backslash before them, and, from
 * Linux 6.8 on, one `lowerdir+=A` each, where nothing is escaped but for the file's own octal escapes. Data-only layers
 * (after `::`, or `datadir+=`) count too: their bytes are on disk. Throws SyntaxError when there is no lower directory.
 */
function overlayDirs(superOptions) {
    const list = superOption(superOptions, 'lowerdir');
    const added = superOptions
        .filter((option) => option.startsWith('lowerdir+=') || option.startsWith('datadir+='))
        .map((option) => unescapeOctal(option.slice(option.indexOf('=') + 1)));
    const lower = [...(list === null ? [] : splitList(list)), ...added];
    if (lower.length === 0)
        throw new SyntaxError('the overlay names no lower directory');
    return { lower, upper: superOption(superOptions, 'upperdir') };
}
/** Splits at the colons without a backslash before them. */
function splitList(list) {
    return (list.match(/(?:[^:\\]|\\[^])+/g) ?? []).map((path) => path.replace(/\\([^])/g, '$1'));
}
/**
 * The directories that relative names may be relative to, best first. Engines change to one before they mount, to keep
 * the options short: the classic store to `<data root>/overlay2` (moby, daemon/graphdriver/overlay2), whose mount on the
 * host is at `<id>/merged`; containerd to the directory of all snapshots, above `<n>/fs` (containerd,
 * core/mount/mount_linux.go), where only lower names are shortened. `merged`: where the host has the same file system
 * mounted, null when that is not known.
 */
function overlayBases(dirs, merged) {
    const bases = [merged, dirs.upper?.startsWith('/') === true ? dirs.upper : null].flatMap((path) => path === null ? [] : [above(above(path))]);
    return [...new Set(bases)].filter((base) => base !== '');
}
function above(path) {
    return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

;// CONCATENATED MODULE: ./build/js/reader/layer-dirs.js
/** Questions about overlay layer directories: where they are, what hides a file, what they ship at a path. Paths latin1. */






const MOST_SHIPPED = 100_000;
const MOST_EXAMPLES = 10;
/** Absolute path of each directory, symlinks resolved; null: one of them was not found. `bases`: see overlayBases. */
function absoluteDirs(dirs, bases) {
    const found = dirs.map((dir) => {
        if ((0,external_node_path_namespaceObject.isAbsolute)(dir))
            return real(dir);
        return bases.map((base) => real((0,external_node_path_namespaceObject.join)(base, dir))).find((path) => path !== null) ?? null;
    });
    return found.every((dir) => dir !== null) ? found : null;
}
/** All bases that are worth a try: what the host's own mount says, then the engine's data root. */
function basesOf(dirs, of) {
    return [...overlayBases(dirs, of.merged), (0,external_node_path_namespaceObject.join)(of.dataRoot, 'overlay2')];
}
function real(path) {
    const bytes = raw(path);
    return (0,external_node_fs_namespaceObject.existsSync)(bytes) ? (0,external_node_fs_namespaceObject.realpathSync)(bytes, { encoding: 'latin1' }) : null;
}
/** null: there is no such entry in this layer, as far as a path can tell. Throws what is neither that nor an answer. */
function lookAt(path) {
    try {
        return (0,external_node_fs_namespaceObject.lstatSync)(raw(path));
    }
    catch (error) {
        if (['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'].includes(errorCode(error)))
            return null;
        throw error;
    }
}
/** An overlay whiteout is a character device 0:0 (kernel, filesystems/overlayfs.rst). */
function isWhiteout(stats) {
    return stats.isCharacterDevice() && stats.rdev === 0;
}
/**
 * Whether a layer above hides a path: it has the path itself (but for a directory over a directory, which are merged), a
 * whiteout or a file for one of its parents, or an opaque parent. `layers` bottom first.
 */
function isHidden(layers, file, opaque) {
    const parts = file.path.split('/').filter((part) => part !== '');
    const own = lookAt((0,external_node_path_namespaceObject.join)(layers[file.layer] ?? '', ...parts));
    return layers.slice(file.layer + 1).some((base) => layer_dirs_hides(base, parts, { own, opaque: opaque.get(base) }));
}
function layer_dirs_hides(base, parts, of) {
    for (let depth = 1; depth <= parts.length; depth += 1) {
        const path = parts.slice(0, depth).join('/');
        const stats = lookAt(`${base}/${path}`);
        if (stats === null)
            return false;
        if (isWhiteout(stats) || !stats.isDirectory())
            return true;
        if (depth === parts.length)
            return of.own?.isDirectory() !== true;
        if (of.opaque?.has(path) === true)
            return true;
    }
    return false;
}
/** Entries other than directories that the final image shows at or below a path (absolute in the image, resolved). */
function shipped(layers, path, opaque) {
    const found = new Set();
    layers.forEach((base, layer) => {
        visitBelow(base, path, (at) => {
            if (found.size < MOST_SHIPPED && !isHidden(layers, { layer, path: at }, opaque))
                found.add(at);
        });
    });
    return { items: found.size, examples: [...found].slice(0, MOST_EXAMPLES).map(shown) };
}
/** Visits all files below a directory of a layer, which is nothing where a parent of it is a link in this layer. */
function visitBelow(base, path, onFile) {
    const root = openRoot(base);
    try {
        const fd = openBelow(root, path);
        try {
            visit(fd, path, onFile);
        }
        finally {
            (0,external_node_fs_namespaceObject.closeSync)(fd);
        }
    }
    catch (error) {
        if (!['ENOENT', 'ENOTDIR', 'ELOOP'].includes(errorCode(error)))
            throw error;
    }
    finally {
        (0,external_node_fs_namespaceObject.closeSync)(root);
    }
}
function visit(fd, path, onFile) {
    for (const entries of entriesOf(fd)) {
        for (const entry of entries) {
            const at = `${path}/${entry.name}`;
            if (entry.isDirectory()) {
                const below = openDirectory(pathAt(fd, entry.name));
                try {
                    visit(below, at, onFile);
                }
                finally {
                    (0,external_node_fs_namespaceObject.closeSync)(below);
                }
            }
            else if (!entry.isCharacterDevice() || !isWhiteout((0,external_node_fs_namespaceObject.lstatSync)(raw(pathAt(fd, entry.name)))))
                onFile(at);
        }
    }
}

;// CONCATENATED MODULE: ./build/js/reader/needles.js
function toWire(needles) {
    return needles.map(({ secret, form, bytes }) => ({ secret, form, bytes: Buffer.from(bytes).toString('base64') }));
}
function fromWire(needles) {
    return needles.map(({ secret, form, bytes }) => ({ secret, form, bytes: Buffer.from(bytes, 'base64') }));
}

;// CONCATENATED MODULE: external "node:os"
const external_node_os_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:os");
;// CONCATENATED MODULE: ./build/js/reader/pool.js
/** Worker threads that share one walk: whoever has nothing to do gets part of what a busy one still has before it. */


const MOST_WORKERS = 4;
/** A worker stops between two files. */
const GRACE_MS = 3000;
/** A worker needs little: two buffers, the tables of the matcher, and what is on its branch. */
const LIMITS = { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 4, stackSizeMb: 1 };
class Pool {
    #program;
    #workers = [];
    #idle = new Set();
    #waiting = [];
    #flags = new Int32Array(new SharedArrayBuffer(8));
    #most;
    #counts = new Float64Array(new SharedArrayBuffer(MOST_WORKERS * 16));
    #running = null;
    #stopping = null;
    /** `program`: the reader's own bundle, which runs as a worker when it is not the main thread. */
    constructor(program, most = MOST_WORKERS) {
        this.#most = most;
        this.#program = program;
    }
    /** Walks the tasks and all below them, one job after the other. null when all was walked, else what failed. */
    run(job) {
        return new Promise((resolve) => {
            this.#waiting.push({ ...job, queue: [...job.tasks], done: resolve });
            if (this.#running === null)
                this.#begin();
        });
    }
    /** How far the job that runs is; null: this one waits. */
    progress(collector) {
        if (this.#running?.collector !== collector)
            return null;
        let [items, bytes] = [0, 0];
        for (const index of this.#workers.keys()) {
            items += this.#counts[2 * index] ?? 0;
            bytes += this.#counts[2 * index + 1] ?? 0;
        }
        return { items, bytes };
    }
    /** Passes on that the job is to stop. A worker that then does not come to rest is ended. */
    check() {
        if (this.#running?.stopped() !== true || this.#stopping !== null)
            return;
        this.#running.queue.length = 0;
        Atomics.store(this.#flags, 1, 1);
        this.#stopping = setTimeout(() => {
            this.#lost('a thread of the reader had to be ended');
        }, GRACE_MS);
    }
    #begin() {
        const job = this.#waiting.shift() ?? null;
        this.#running = job;
        if (job === null)
            return;
        const count = Math.min(this.#most, (0,external_node_os_namespaceObject.availableParallelism)());
        while (this.#workers.length < count)
            this.#workers.push(this.#start(this.#workers.length));
        Atomics.store(this.#flags, 1, 0);
        this.#counts.fill(0);
        this.#idle.clear();
        for (const worker of this.#workers) {
            say(worker, { op: 'job', needles: job.needles });
            this.#idle.add(worker);
        }
        this.#deal();
    }
    #start(index) {
        const shared = { flags: this.#flags.buffer, counts: this.#counts.buffer, index };
        const worker = new external_node_worker_threads_namespaceObject.Worker(this.#program, { workerData: shared, resourceLimits: LIMITS });
        worker.on('message', (message) => {
            if (this.#workers.includes(worker))
                this.#hear(worker, message);
        });
        worker.on('error', () => {
            if (this.#workers.includes(worker))
                this.#lost('a thread of the reader died');
        });
        return worker;
    }
    #hear(worker, message) {
        const job = this.#running;
        if (job === null)
            return;
        if (message.op === 'give') {
            if (!job.stopped())
                job.queue.push(...message.tasks);
        }
        else {
            job.collector.add(message.gathered);
            this.#idle.add(worker);
        }
        this.check();
        this.#deal();
    }
    #deal() {
        const job = this.#running;
        if (job === null)
            return;
        for (const worker of this.#idle) {
            const task = job.queue.shift();
            if (task === undefined)
                break;
            this.#idle.delete(worker);
            say(worker, { op: 'walk', task });
        }
        Atomics.store(this.#flags, 0, this.#idle.size);
        if (this.#idle.size === this.#workers.length)
            this.#finish(null);
    }
    /** A worker that died had part of the trees, nobody knows which: the job failed, and the others end with it. */
    #lost(reason) {
        for (const worker of this.#workers.splice(0))
            void worker.terminate();
        this.#finish(reason);
    }
    #finish(failure) {
        const job = this.#running;
        if (this.#stopping !== null)
            clearTimeout(this.#stopping);
        this.#stopping = null;
        this.#running = null;
        job?.done(failure);
        this.#begin();
    }
}
function say(worker, message) {
    worker.postMessage(message);
}

;// CONCATENATED MODULE: ./build/js/reader/trees.js
/** Walks trees of the host: layers, the writable layer, volumes. */








const DEADLINE_MS = 15 * 60_000;
const PROGRESS_MS = 1000;
const trees_BREATHE_MS = 25;
/** So long a walk may keep to itself. */
const HERE_MS = 150;
/** As if so many had nothing to do: nearly all is given away. */
const MANY = 1000;
/** Searches all trees of the request. What is not read to its end, for whatever reason, is a shortfall. */
async function scanTrees(request, job) {
    const collector = new Collector();
    const tasks = request.roots.flatMap((root) => trees_taskOf(root, request, collector) ?? []);
    const deadline = performance.now() + (request.deadlineMs ?? DEADLINE_MS);
    const stopped = () => job.cancelled() || performance.now() > deadline;
    const timer = setInterval(() => {
        job.pool.check();
        job.onProgress(job.pool.progress(collector) ?? { items: collector.items, bytes: collector.bytes });
    }, PROGRESS_MS);
    try {
        const attributes = new Collector();
        const roots = tasks.map((task) => task.root);
        const [failure] = await Promise.all([
            request.kind === 'layers'
                ? job.pool.run({ tasks, needles: job.needles, collector, stopped })
                : walkHere(tasks, { ...job, collector, stopped }),
            scanXattrs(roots, { matcher: job.matcher, collector: attributes, opaque: job.opaque })
        ]);
        collector.add(attributes.gathered());
        const key = request.roots[0]?.key ?? 0;
        if (failure !== null)
            collector.shortfall(key, '', failure);
        if (stopped())
            collector.shortfall(key, '', 'the time for it was over');
    }
    finally {
        clearInterval(timer);
    }
    const layers = request.kind === 'layers' ? new Layers(request, tasks, job.opaque) : null;
    for (const hit of collector.hits)
        job.emit(wireHit(hit, layers, job.matcher));
    return collector.totals((path) => shownClean(path, job.matcher));
}
/** Walks in this thread, for most trees are small; what takes longer goes to others. null, or what failed. */
async function walkHere(tasks, job) {
    const given = [];
    const until = performance.now() + HERE_MS;
    const { collector, stopped } = job;
    const walker = new Walker(job.matcher, collector, {
        stopped,
        breatheMs: trees_BREATHE_MS,
        dataRanges: dataRanges,
        wanted: () => (performance.now() < until ? 0 : MANY),
        give: (more) => {
            given.push(...more);
        }
    });
    for (const task of tasks) {
        if (performance.now() < until)
            await walker.walk(task);
        else
            given.push(task);
    }
    return given.length === 0 ? null : job.pool.run({ tasks: given, needles: job.needles, collector, stopped });
}
/** A root may be a single file: a bind of one. */
function trees_taskOf({ key, path }, { careful, kind }, collector) {
    try {
        const real = (0,external_node_fs_namespaceObject.realpathSync)(raw(toLatin1(path)), { encoding: 'latin1' });
        const stats = (0,external_node_fs_namespaceObject.statSync)(raw(real));
        const root = { key, path: real, crossing: kind === 'volumes' ? 'disk' : 'none', careful };
        if (stats.isDirectory())
            return { root, path: '' };
        if (stats.isFile())
            return { root, path: '', single: true };
        return null;
    }
    catch (error) {
        collector.shortfall(key, '', `could not be opened (${errorCode(error)})`);
        return null;
    }
}
function wireHit(hit, layers, matcher) {
    const told = { ...hit, path: `/${shownClean(hit.path, matcher)}` };
    return layers === null ? told : { ...told, deleted: layers.hide(hit) };
}
/** The layers of one request, bottom first. */
class Layers {
    #keys;
    #paths;
    #opaque;
    constructor(request, tasks, opaque) {
        this.#keys = request.roots.map((root) => root.key);
        this.#paths = this.#keys.map((key) => tasks.find((task) => task.root.key === key)?.root.path ?? '');
        this.#opaque = opaque;
    }
    /** Whether a later layer hides the file that a hit is in. */
    hide(hit) {
        const layer = this.#keys.indexOf(hit.key);
        return isHidden(this.#paths, { layer, path: trees_fileOf(this.#paths[layer] ?? '', hit.path) }, this.#opaque);
    }
}
/** The path without the member of an archive; a name may hold a `!` of its own. */
function trees_fileOf(base, path) {
    for (let end = path.indexOf('!'); end !== -1; end = path.indexOf('!', end + 1)) {
        if (lookAt(`${base}/${path.slice(0, end)}`)?.isFile() === true)
            return path.slice(0, end);
    }
    return path;
}

;// CONCATENATED MODULE: ./build/js/reader/serve.js
/** The reader's main thread: takes requests, answers each when it is done, several at once. */








/** Serves until stdin closes: then the parent is gone, and so are we, whatever is under way. */
function serve(program) {
    const server = new Server(program);
    (0,external_node_readline_namespaceObject.createInterface)({ input: process.stdin, crlfDelay: Infinity }).on('line', (line) => {
        void server.take(line);
    });
    process.stdin.once('end', () => process.exit(0));
    process.stdin.once('error', () => process.exit(1));
    process.stdout.on('error', () => process.exit(1));
}
class Server {
    /** The image's layers take long; what the container waits for does not queue behind them. */
    #layers;
    #trees;
    #container;
    #sets = new Map();
    #matchers = new Map();
    #opaque = new Map();
    #cancelled = new Set();
    constructor(program) {
        this.#layers = new Pool(program);
        this.#trees = new Pool(program, 1);
        this.#container = new ContainerRequests(program, (set) => this.#matcher(set));
    }
    async take(line) {
        let id = -1;
        try {
            const request = JSON.parse(line);
            if ('cancel' in request) {
                this.#cancelled.add(request.cancel);
                this.#layers.check();
                this.#trees.check();
                return;
            }
            id = request.id;
            this.#say({ id, done: await this.#answer(request, this.#asking(id)) });
        }
        catch (error) {
            // Codes and names only: a message may hold a path.
            const code = errorCode(error);
            const name = error instanceof Error ? error.name : code;
            this.#say({ id, error: code === 'unknown error' ? name : code });
        }
        this.#cancelled.delete(id);
    }
    #asking(id) {
        return {
            emit: (hit) => {
                this.#say({ id, hit });
            },
            onProgress: (progress) => {
                this.#say({ id, progress });
            },
            cancelled: () => this.#cancelled.has(id)
        };
    }
    #say(answer) {
        process.stdout.write(`${JSON.stringify(answer)}\n`);
    }
    async #answer(request, asking) {
        switch (request.op) {
            case 'hello':
                return { uid: process.geteuid?.() ?? -1 };
            case 'needles':
                this.#sets.set(request.set, request.needles);
                this.#matchers.clear();
                return null;
            case 'container':
                return this.#container.hold(request.pid, request.containerId);
            case 'verify':
                return this.#container.verify();
            case 'overlay':
                return this.#overlay(request);
            case 'trees':
                return scanTrees(request, {
                    ...asking,
                    pool: request.kind === 'layers' ? this.#layers : this.#trees,
                    needles: this.#needles(request.set),
                    matcher: this.#matcher(request.set),
                    opaque: this.#opaque
                });
            case 'shipped': {
                const layers = request.layers.map(toLatin1);
                return request.paths.map((path) => shipped(layers, toLatin1(path), this.#opaque));
            }
            case 'mounts':
            case 'listing':
            case 'contents':
            case 'memory':
            case 'processes':
            case 'access':
            case 'passwd':
            case 'swap':
                return this.#container.answer(request, asking);
        }
    }
    #overlay({ dirs, upper, dataRoot }) {
        const bases = basesOf({ lower: dirs, upper }, { merged: this.#container.mergedOnHost(), dataRoot });
        return absoluteDirs(dirs, bases);
    }
    /** Of several sets, with commas between their names. */
    #needles(sets) {
        return sets.split(',').flatMap((set) => this.#sets.get(set) ?? []);
    }
    #matcher(sets) {
        const known = this.#matchers.get(sets);
        if (known !== undefined)
            return known;
        const matcher = new Matcher(fromWire(this.#needles(sets)));
        this.#matchers.set(sets, matcher);
        return matcher;
    }
}

;// CONCATENATED MODULE: ./build/js/reader/try.js
/** The child that tries access as somebody else: reads what to try on stdin, writes the answers on stdout. */


/** Runs the tries in the working directory, which is the container's root. Started as root. */
function runTries() {
    const batch = JSON.parse((0,external_node_fs_namespaceObject.readFileSync)(0, 'utf8'));
    const answers = batch.tries.map((attempt) => {
        become(attempt, batch.forGood);
        const tried = attempt.paths.map((path) => (path === null ? null : tryOne(path, attempt.want)));
        if (!batch.forGood)
            process.seteuid?.(0);
        return tried;
    });
    process.stdout.write(JSON.stringify(answers));
}
/** The kernel takes the effective capabilities away with the effective root, and gives them back with it (capabilities(7)). */
function become({ uid, gid, groups }, forGood) {
    if (process.getuid?.() === uid && process.geteuid?.() === uid && forGood && uid !== 0)
        return;
    process.setgroups?.(groups);
    if (forGood) {
        process.setgid?.(gid);
        process.setuid?.(uid);
    }
    else {
        process.setegid?.(gid);
        process.seteuid?.(uid);
    }
}
/** null: neither allowed nor refused, such as a path that is gone. */
function tryOne(path, want) {
    const open = [];
    try {
        let fd = openNameOnly('.');
        open.push(fd);
        for (const name of path.split('/')) {
            if (name === '')
                continue;
            fd = openNameOnly(pathAt(fd, name));
            open.push(fd);
        }
        attempt(fd, want);
        return true;
    }
    catch (error) {
        return ['EACCES', 'EPERM', 'EROFS'].includes(errorCode(error)) ? false : null;
    }
    finally {
        for (const fd of open)
            (0,external_node_fs_namespaceObject.closeSync)(fd);
    }
}
function attempt(fd, want) {
    if (want === 'x')
        (0,external_node_fs_namespaceObject.closeSync)(openNameOnly(pathAt(fd, '.')));
    else if (want === 'w')
        (0,external_node_fs_namespaceObject.accessSync)(pathAt(fd, null), external_node_fs_namespaceObject.constants.W_OK);
    else
        (0,external_node_fs_namespaceObject.closeSync)((0,external_node_fs_namespaceObject.openSync)(pathAt(fd, null), external_node_fs_namespaceObject.constants.O_RDONLY | external_node_fs_namespaceObject.constants.O_NONBLOCK));
}

;// CONCATENATED MODULE: ./build/js/reader/worker.js
/** A worker thread of the reader: walks what the pool gives it, and gives back what others could take. */







/** Runs until its pool ends it. */
function runWorker() {
    const port = external_node_worker_threads_namespaceObject.parentPort;
    if (port === null)
        throw new Error('not a worker thread');
    const worker = new WorkerThread(external_node_worker_threads_namespaceObject.workerData, (message) => {
        port.postMessage(message);
    });
    port.on('message', (message) => {
        worker.take(message);
    });
}
class WorkerThread {
    #flags;
    #counts;
    #index;
    #post;
    #collector = new Collector();
    #walker = null;
    constructor(shared, post) {
        this.#flags = new Int32Array(shared.flags);
        this.#counts = new Float64Array(shared.counts);
        this.#index = 2 * shared.index;
        this.#post = post;
    }
    take(message) {
        if (message.op === 'job')
            this.#begin(message.needles);
        else
            void this.#walk(message.task);
    }
    #begin(needles) {
        const sink = {
            hit: (key, hit) => {
                this.#collector.hit(key, hit);
            },
            shortfall: (key, path, reason) => {
                this.#collector.shortfall(key, path, reason);
            },
            count: (items, bytes) => {
                this.#collector.count(items, bytes);
                this.#counts[this.#index] = (this.#counts[this.#index] ?? 0) + items;
                this.#counts[this.#index + 1] = (this.#counts[this.#index + 1] ?? 0) + bytes;
            }
        };
        this.#collector = new Collector();
        this.#walker = new Walker(new Matcher(fromWire(needles)), sink, {
            wanted: () => Atomics.load(this.#flags, 0),
            stopped: () => Atomics.load(this.#flags, 1) !== 0,
            give: (tasks) => {
                this.#post({ op: 'give', tasks });
            },
            dataRanges: dataRanges
        });
    }
    async #walk(task) {
        try {
            await this.#walker?.walk(task);
        }
        catch (error) {
            this.#collector.shortfall(task.root.key, task.path, `could not be walked (${errorCode(error)})`);
        }
        const gathered = this.#collector.gathered();
        this.#collector = new Collector();
        this.#post({ op: 'idle', gathered });
    }
}

;// CONCATENATED MODULE: ./build/js/reader.js
/**
 * The reader: a program of its own that runs as root and looks at a container from outside. It is told everything on its
 * stdin, answers on its stdout, reads only, and ends when its stdin closes. As a worker thread it walks directory trees;
 * with `--try` it tries access as somebody else.
 */




// The bundler rewrites import.meta.url; the path that Node was started with is the bundle itself.
if (!external_node_worker_threads_namespaceObject.isMainThread)
    runWorker();
else if (process.argv[2] === '--try')
    runTries();
else
    serve(process.argv[1] ?? '');

