;;; pubsub-devtools.el --- The event flow of Python code, through Eglot  -*- lexical-binding: t; -*-

;; Emacs 29 has Eglot; for 26 to 28 it is a package.  Load this file and call M-x eglot in a Python buffer.
;; Eglot speaks to one server for a mode.  To have it beside a Python server, use a multiplexer such as
;; `lspx' or `rassumfrassum' as the program, with both servers behind it.

;;; Code:

(require 'eglot)

(defgroup pubsub-devtools nil "Events of Python code." :group 'eglot)

(defcustom pubsub-devtools-program '("pubsub-tools" "lsp")
  "The server and its arguments."
  :type '(repeat string))

(add-to-list 'eglot-server-programs
             (cons (if (fboundp 'python-ts-mode) '(python-mode python-ts-mode) 'python-mode)
                   (lambda (&rest _) pubsub-devtools-program)))

(cl-defmethod eglot-execute-command (server (_command (eql pubsub.showPlaces)) arguments)
  "Show the other side of an event: the third of ARGUMENTS are the places that SERVER tells."
  (ignore server)
  (let ((places (append (elt arguments 2) nil)))
    (xref-show-xrefs
     (lambda ()
       (mapcar (lambda (place)
                 (let* ((file (eglot--uri-to-path (plist-get place :uri)))
                        (start (plist-get (plist-get place :range) :start)))
                   (xref-make (file-name-nondirectory file)
                              (xref-make-file-location file (1+ (plist-get start :line)) (plist-get start :character)))))
               places))
     nil)))

(provide 'pubsub-devtools)
;;; pubsub-devtools.el ends here
